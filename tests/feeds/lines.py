"""The lines of the table in examples/feeds/README.md, and whether a market does what one says."""

from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from typing import Final, NamedTuple

from ringfence.types.outcome import Done, Refused

from tests.feeds.cases import OTHER, clock
from tests.feeds.guarded import FOLDER, PRICE, SECOND_AGE, UNIT, GuardedMarket

ANSWERS: Final[Mapping[str, Callable[[GuardedMarket], int]]] = {
    "the first's": lambda market: PRICE,
    "the second's": lambda market: OTHER,
    "the live one": GuardedMarket.live,
    "the newest": GuardedMarket.newest,
    "0": lambda market: 0,
}


class Line(NamedTuple):
    """A line of the table, as text."""

    case: str
    answer: str
    time: str
    vault: str
    usable: str
    settlement: str

    def check(self, market: GuardedMarket) -> None:
        """Compare what the market does with the line; raises AssertionError."""
        read = market.read_guard()
        assert read.answer == ANSWERS[self.answer](market) * UNIT
        age = read.now - read.updated_at
        times = {"its own": age <= SECOND_AGE, "too old": age > SECOND_AGE, "0": read.updated_at == 0}
        assert times[self.time]
        assert read.is_usable() == (self.usable == "yes")
        assert clock(market).settle_market(read) == self.settlement
        outcome = market.trade()
        assert isinstance(outcome, Done) == (self.vault == "trades")
        if isinstance(outcome, Refused):
            assert f"`{outcome.error}`" == self.vault
            assert outcome.args[0] == (0 if outcome.error == "InvalidPrice" else read.updated_at)


def lines() -> Iterator[Line]:
    """Yield the lines of the table, without its head."""
    _, _, below = (FOLDER / "README.md").read_text().partition("\n| case |")
    rows = takewhile(lambda line: line.startswith("|"), below.splitlines()[2:])
    for row in rows:
        yield Line(*(cell.strip() for cell in row.strip("|").split("|")))

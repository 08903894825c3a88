"""A market whose feed is a guard in front of two feeds of other decimals and an uptime feed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import ringfence as rf
from ringfence.evm.artifacts import Artifact, load
from ringfence.types.outcome import Outcome, Value
from ringfence.types.roles import FEED, OWNER, TRADERS
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

from tests.feeds.settlement import Clock, Reading
from tests.open_market import OpenMarket
from tests.sequences import SEQUENCES, USD, long

FOLDER: Final = Path(__file__).parents[2] / "examples/feeds"
SOURCES: Final = rf.solidity(FOLDER)
DAY: Final = 86_400
NOBODY: Final = "0x" + "00" * 20

FIRST_DECIMALS, SECOND_DECIMALS = 8, 18
UNIT: Final = 10**SECOND_DECIMALS  # the guard's decimals are the larger ones
PRICE: Final = 2_000
LOWEST, HIGHEST = 100, 10_000  # what the clamps of the feeds are
GRACE: Final = 3_600
DEVIATION_PPM: Final = 20_000
SECOND_AGE: Final = STANDARD.parameters.max_price_age
FIRST_AGE: Final = SECOND_AGE // 2
BOUNDS_OF_FIRST: Final[dict[str, Value]] = {  # where the second feed has no more decimals than the first
    "lowerBound": LOWEST * 10**FIRST_DECIMALS,
    "upperBound": HIGHEST * 10**FIRST_DECIMALS,
}
NO_SECOND: Final[dict[str, Value]] = {
    **{"fallbackFeed": NOBODY, "maxDeviationPpm": 0, "fallbackMaxAge": 0},
    **BOUNDS_OF_FIRST,
}


def settable(name: str) -> Artifact:
    """Return a contract that passes questions on, with the functions of the feed behind it."""
    honest = [entry for entry in load("MockPriceFeed").abi if entry["type"] == "function"]
    return replace(load(name), abi=[*load(name).abi, *honest])


class GuardedMarket(OpenMarket):
    """Feeds by address: ``first``, ``second``, ``uptime``. What is set of them happens in the same second."""

    def __init__(self) -> None:
        """Open positions at the price; the guard's sources come later, by ``guard_with``."""
        turncoat = settable("TurncoatFeed")
        super().__init__(replace(STANDARD, feed_decimals=SECOND_DECIMALS, answer=PRICE * UNIT), feed=turncoat)
        self.run(SEQUENCES["both sides"])
        self.first = self.place(turncoat, FIRST_DECIMALS)
        self.second = self.place(turncoat, SECOND_DECIMALS)
        self.uptime = self.place(turncoat, 0)
        self.guard = ""

    @property
    def now(self) -> int:
        """Return the time of the block."""
        return self.chain.timestamp

    def guard_with(self, contract: Artifact, **changes: Value) -> None:
        """Put a guard with the standard terms, or with others, in front of the vault, all being well."""
        self.guard = self.place(contract, self.terms(**changes))
        self.do(OWNER, FEED, "turn", self.guard)
        self.do(OWNER, self.uptime, "set", 0, self.now - 30 * DAY, seconds=0)
        self.answer_first(PRICE)
        self.answer_second(PRICE)

    def terms(self, **changes: Value) -> Value:
        """Return the terms as the ABI's struct."""
        terms: dict[str, Value] = {
            "feed": self.first,
            "fallbackFeed": self.second,
            "uptimeFeed": self.uptime,
            "gracePeriod": GRACE,
            "lowerBound": LOWEST * UNIT,
            "upperBound": HIGHEST * UNIT,
            "maxDeviationPpm": DEVIATION_PPM,
            "feedMaxAge": FIRST_AGE,
            "fallbackMaxAge": SECOND_AGE,
        }
        return tuple((terms | changes).values())

    def answer_first(self, price: float, age: int = 0) -> None:
        """Let the first feed answer a price, given ``age`` seconds ago."""
        self.do(OWNER, self.first, "set", round(price * 10**FIRST_DECIMALS), self.now - age, seconds=0)

    def answer_second(self, price: float, age: int = 0) -> None:
        """Let the second feed answer a price, given ``age`` seconds ago."""
        self.do(OWNER, self.second, "set", round(price * 10**8) * 10**10, self.now - age, seconds=0)

    def sequencer(self, status: int, age: int) -> None:
        """Let the uptime feed answer: 0 is up, 1 is down, since ``age`` seconds."""
        self.do(OWNER, self.uptime, "set", status, self.now - age, seconds=0)

    def turn(self, source: str, contract: Artifact, *args: Value) -> None:
        """Let a feed answer as a contract that is new does; a second later."""
        behind = self.place(contract, *args)
        self.do(OWNER, source, "turn", behind, seconds=0)

    def read_guard(self) -> Reading:
        """Return what the guard answers now."""
        return Reading(*self._answer_of(self.guard), SECOND_DECIMALS, self.now)

    def newest(self) -> int:
        """Return the price of the feed that has answered last, the first of two."""
        return max(self._prices(), key=lambda price_and_time: price_and_time[1])[0]

    def live(self) -> int:
        """Return the first feed's price while it is no older than it may be, else the second's."""
        (first, updated_at), (second, _) = self._prices()
        return first if self.now - updated_at <= FIRST_AGE else second

    def _prices(self) -> Iterator[tuple[int, int]]:
        """Yield each feed's price in whole tokens, with its time."""
        for source, decimals in ((self.first, FIRST_DECIMALS), (self.second, SECOND_DECIMALS)):
            answer, updated_at = self._answer_of(source)
            yield answer // 10**decimals, updated_at

    def _answer_of(self, source: str) -> tuple[int, int]:
        """Return a feed's answer, with its time."""
        words = self.ask(source, "latestRoundData")
        assert isinstance(words, tuple)
        answer, updated_at = words[1], words[3]
        assert isinstance(answer, int)
        assert isinstance(updated_at, int)
        return answer, updated_at

    def trade(self) -> Outcome:
        """Open a position in this second."""
        return self.act(long(TRADERS[0], SIZE, 150 * USD), seconds=0)

    def clock(self, dead_for: int, unused_for: int) -> Clock:
        """Return a clock of this market: reported, and without an accrual, for N seconds."""
        return Clock(self.now - dead_for, self.now - unused_for, SECOND_AGE, 7 * DAY)

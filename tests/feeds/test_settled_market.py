"""What the vault's own settlement makes of each line of the table, its clock having run out."""

from collections.abc import Iterator
from typing import Final

import pytest
from ringfence.evm.artifacts import load
from ringfence.types.outcome import Done
from ringfence.types.roles import FEED, OWNER, VAULT

from tests.feeds.cases import CASES, REPORTED_FOR, UNUSED_FOR
from tests.feeds.guarded import PRICE, SOURCES, UNIT, GuardedMarket
from tests.feeds.lines import lines
from tests.feeds.settlement import AT_THE_LAST_PRICE, AT_THIS_ANSWER, STARTS_AGAIN, STOPS

LINES: Final = {line.case: line for line in lines()}
CAUSES: Final = [(case, cause) for case, causes in CASES.items() for cause in causes]


@pytest.fixture(scope="module")
def reported() -> GuardedMarket:
    """Return a market that was reported dead and could be settled now; then the guard was put in."""
    market = GuardedMarket()
    market.do(OWNER, FEED, "turn", market.place(load("AlwaysReverts")), seconds=UNUSED_FOR - REPORTED_FOR)
    market.do(OWNER, VAULT, "settleMarket")
    market.guard_with(SOURCES["GuardedFeed"])
    market.do(OWNER, FEED, "turn", market.guard, seconds=REPORTED_FOR)
    market.do(OWNER, market.uptime, "set", 0, 1, seconds=0)
    market.answer_first(PRICE)
    market.answer_second(PRICE)
    return market


@pytest.fixture
def market(reported: GuardedMarket) -> Iterator[GuardedMarket]:
    """Yield the market, and take back what the test does with it."""
    mark = reported.snapshot()
    yield reported
    reported.restore(mark)


def settled(market: GuardedMarket) -> str:
    """Return what a call of ``settleMarket`` came to, by its event."""
    read = market.read_guard()
    outcome = market.send(OWNER, VAULT, "settleMarket", seconds=0)
    assert isinstance(outcome, Done)
    event = outcome.events[0]
    if event.name == "FeedReported":
        return {0: STOPS, market.now: STARTS_AGAIN}[event.args[0]]
    assert event.name == "Settled"
    if event.args[:2] == (read.answer, read.updated_at):
        return AT_THIS_ANSWER
    assert event.args[0] == PRICE * UNIT
    return AT_THE_LAST_PRICE


@pytest.mark.parametrize(("case", "cause"), CAUSES)
def test_settlement__in_a_case_of_the_table__is_what_its_line_says(
    market: GuardedMarket, case: str, cause: str
) -> None:
    CASES[case][cause](market)
    assert settled(market) == LINES[case].settlement

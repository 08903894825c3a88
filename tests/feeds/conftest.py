"""The market behind the guard: made once, and at each test's start again as it was made."""

from collections.abc import Iterator

import pytest

from tests.feeds.guarded import SOURCES, GuardedMarket


@pytest.fixture(scope="session")
def made() -> GuardedMarket:
    """Return a market behind the guard, all being well."""
    market = GuardedMarket()
    market.guard_with(SOURCES["GuardedFeed"])
    return market


@pytest.fixture
def market(made: GuardedMarket) -> Iterator[GuardedMarket]:
    """Yield the market, and take back what the test does with it."""
    mark, guard = made.snapshot(), made.guard
    yield made
    made.restore(mark)
    made.guard = guard

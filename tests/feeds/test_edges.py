"""Where the guard's terms end: the last second and unit, other decimals, feeds that are not there."""

import pytest

from tests.feeds.cases import FAR, OTHER
from tests.feeds.guarded import (
    DAY,
    DEVIATION_PPM,
    FIRST_AGE,
    FIRST_DECIMALS,
    GRACE,
    HIGHEST,
    LOWEST,
    NO_SECOND,
    NOBODY,
    PRICE,
    SECOND_AGE,
    SOURCES,
    UNIT,
    GuardedMarket,
)

GUARD = SOURCES["GuardedFeed"]


def live(market: GuardedMarket) -> int:
    """Return the live price in the guard's units, or 0 where there is none."""
    read = market.read_guard()
    return read.answer if read.is_a_price(SECOND_AGE) else 0


def test_age__of_each_feed_s_own_last_second__is_live(market: GuardedMarket) -> None:
    market.answer_first(PRICE, FIRST_AGE)
    market.answer_second(OTHER, SECOND_AGE + 1)
    assert (live(market), market.now - market.read_guard().updated_at) == (PRICE * UNIT, FIRST_AGE)
    market.answer_first(PRICE, FIRST_AGE + 1)
    market.answer_second(OTHER, SECOND_AGE)
    assert (live(market), market.now - market.read_guard().updated_at) == (OTHER * UNIT, SECOND_AGE)


@pytest.mark.parametrize(
    ("price", "expected"), [(LOWEST, 0), (LOWEST + 1e-8, LOWEST * UNIT + 10**10), (HIGHEST, 0)]
)
def test_bounds__of_the_first__are_excluded(market: GuardedMarket, price: float, expected: int) -> None:
    """An aggregator's clamps can be given as bounds: at its clamp it answers just that."""
    market.answer_second(PRICE, SECOND_AGE + 1)
    market.answer_first(HIGHEST - 1e-8)
    assert live(market) == HIGHEST * UNIT - 10**10
    market.answer_first(price)
    assert live(market) == expected


def test_deviation__of_exactly_what_is_allowed__is_near_from_either_side(market: GuardedMarket) -> None:
    far = PRICE * UNIT * DEVIATION_PPM // 10**6
    for answer, expected in [(far, PRICE * UNIT), (far + 1, 0)]:
        market.do("owner", market.second, "set", PRICE * UNIT + answer, market.now, seconds=0)
        assert live(market) == expected
    lower = PRICE * UNIT * 10**6 // (10**6 + DEVIATION_PPM)  # of the lower price, 2 % more is the first's
    for answer, expected in [(lower + 1, PRICE * UNIT), (lower, 0)]:
        market.do("owner", market.second, "set", answer, market.now, seconds=0)
        assert live(market) == expected


def test_grace__of_the_second_after_its_end__is_over(market: GuardedMarket) -> None:
    market.sequencer(0, GRACE)
    assert live(market) == 0
    market.sequencer(0, GRACE + 1)
    assert live(market) == PRICE * UNIT


def test_price__refused_in_grace__is_as_old_as_the_vault_needs(market: GuardedMarket) -> None:
    """A second more than the longer age; an older answer keeps its own time."""
    market.sequencer(0, 60)
    assert market.read_guard().updated_at == market.now - SECOND_AGE - 1
    market.answer_first(PRICE, 2 * DAY)
    market.answer_second(OTHER, 3 * DAY)
    assert market.read_guard().updated_at == market.now - 2 * DAY


def test_dispute__of_the_last_prices__is_of_those_that_were_live_together(market: GuardedMarket) -> None:
    """Silence does not end a dispute; a price that one feed gave when the other was stale already does."""
    for second_for, expected in [(2 * DAY - FIRST_AGE, 0), (2 * DAY - FIRST_AGE - 1, FAR * UNIT)]:
        market.answer_first(PRICE, 2 * DAY)
        market.answer_second(FAR, second_for)
        assert market.read_guard().answer == expected
    for first_for, expected in [(2 * DAY - SECOND_AGE, 0), (2 * DAY - SECOND_AGE - 1, PRICE * UNIT)]:
        market.answer_first(PRICE, first_for)
        market.answer_second(FAR, 2 * DAY)
        assert market.read_guard().answer == expected


@pytest.mark.parametrize(("first", "second"), [(8, 18), (18, 8), (8, 8), (0, 36), (36, 0), (0, 0)])
def test_decimals__of_two_feeds__are_those_of_the_finer_one(
    market: GuardedMarket, first: int, second: int
) -> None:
    """Prices of other decimals are the same price: near, live each alone, and exact."""
    decimals = max(first, second)
    unit = 10**decimals
    feeds = {"feed": first, "fallbackFeed": second}
    addresses = {name: market.place(market.artifacts[market.first], own) for name, own in feeds.items()}
    bounds = {"lowerBound": LOWEST * unit, "upperBound": HIGHEST * unit}
    market.guard = market.place(GUARD, market.terms(**addresses, **bounds))
    assert market.ask(market.guard, "decimals") == decimals
    market.sequencer(0, DAY)
    market.do("owner", addresses["feed"], "set", PRICE * 10**first, market.now, seconds=0)
    assert market.read_guard().answer == PRICE * unit
    market.do("owner", addresses["fallbackFeed"], "set", OTHER * 10**second, market.now, seconds=0)
    assert market.read_guard().answer == PRICE * unit
    market.do("owner", addresses["feed"], "setBroken", True, seconds=0)
    assert market.read_guard().answer == OTHER * unit
    market.do("owner", addresses["fallbackFeed"], "set", HIGHEST * 10**second, market.now, seconds=0)
    assert market.read_guard().answer == 0


def test_second_feed__when_there_is_none__is_not_missed(market: GuardedMarket) -> None:
    market.guard_with(GUARD, **NO_SECOND)
    assert market.ask(market.guard, "maxAge") == FIRST_AGE
    read = market.read_guard()
    assert (read.answer, read.updated_at) == (PRICE * 10**FIRST_DECIMALS, read.now)
    market.answer_first(PRICE, FIRST_AGE + 1)
    assert market.read_guard().updated_at == market.now - FIRST_AGE - 1
    market.answer_first(LOWEST)
    assert (market.read_guard().answer, market.read_guard().updated_at) == (0, 0)


def test_uptime_feed__when_there_is_none__is_not_missed(market: GuardedMarket) -> None:
    market.guard_with(GUARD, uptimeFeed=NOBODY, gracePeriod=0)
    market.sequencer(1, 60)
    assert live(market) == PRICE * UNIT


def test_vault_s_max_price_age__other_than_the_guard_s__is_a_mistake(market: GuardedMarket) -> None:
    """A longer one trades in the grace period, at what the guard has made too old for its own age alone."""
    market.sequencer(0, 60)
    read = market.read_guard()
    assert not read.is_a_price(SECOND_AGE)
    assert read.is_a_price(SECOND_AGE + 1)


def test_answer__of_any_case__has_no_rounds_and_starts_at_its_time(market: GuardedMarket) -> None:
    market.answer_first(PRICE, 60)
    words = market.ask(market.guard, "latestRoundData")
    assert words == (0, PRICE * UNIT, market.now - 60, market.now - 60, 0)

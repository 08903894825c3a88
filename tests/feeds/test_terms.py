"""Which terms a guard is deployed with: the last allowed, and the first refused, by its name."""

import pytest
from ringfence.evm.abi import Refusals
from ringfence.evm.artifacts import load
from ringfence.evm.workspace import NotDeployed
from ringfence.types.outcome import Value
from ringfence.types.roles import STRANGER

from tests.feeds.guarded import DAY, NO_SECOND, NOBODY, SOURCES, UNIT, GuardedMarket

GUARD = SOURCES["GuardedFeed"]
WEEK = 7 * DAY
HIGHEST_BOUND = (2**255 - 1) // 10**6
NO_UPTIME: dict[str, Value] = {"uptimeFeed": NOBODY, "gracePeriod": 0}


def refused(market: GuardedMarket, **changes: Value) -> tuple[str, Value]:
    """Return the name and the argument of the error that a deployment ends in."""
    with pytest.raises(NotDeployed) as raised:
        market.place(GUARD, market.terms(**changes))
    refusal = Refusals([GUARD.abi], market.book).read(raised.value.output)
    return refusal.error, refusal.args[0]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("gracePeriod", {"gracePeriod": 0}),
        ("gracePeriod", {"gracePeriod": DAY + 1}),
        ("gracePeriod", {"uptimeFeed": NOBODY}),
        ("upperBound", {"upperBound": HIGHEST_BOUND + 1}),
        ("lowerBound", {"lowerBound": UNIT, "upperBound": UNIT}),
        ("maxDeviationPpm", {"maxDeviationPpm": 0}),
        ("maxDeviationPpm", {"maxDeviationPpm": 10**6 + 1}),
        ("maxDeviationPpm", {**NO_SECOND, "maxDeviationPpm": 1}),
        ("feedMaxAge", {"feedMaxAge": 0}),
        ("feedMaxAge", {"feedMaxAge": WEEK + 1}),
        ("fallbackMaxAge", {"fallbackMaxAge": 0}),
        ("fallbackMaxAge", {"fallbackMaxAge": WEEK + 1}),
        ("fallbackMaxAge", {**NO_SECOND, "fallbackMaxAge": 1}),
    ],
)
def test_term__out_of_its_range__is_refused_by_name(
    market: GuardedMarket, name: str, changes: dict[str, Value]
) -> None:
    assert refused(market, **changes) == ("InvalidParameter", name)


@pytest.mark.parametrize(
    "changes",
    [
        {"gracePeriod": 1, "lowerBound": 0, "upperBound": 1, "maxDeviationPpm": 1},
        {"gracePeriod": DAY, "upperBound": HIGHEST_BOUND, "maxDeviationPpm": 10**6},
        {"feedMaxAge": 1, "fallbackMaxAge": 1},
        {"feedMaxAge": WEEK, "fallbackMaxAge": WEEK},
        NO_SECOND,
        NO_UPTIME,
        {**NO_SECOND, **NO_UPTIME},
    ],
)
def test_term__at_the_end_of_its_range__is_taken(market: GuardedMarket, changes: dict[str, Value]) -> None:
    guard = market.place(GUARD, market.terms(**changes))
    assert all(market.ask(guard, name) == value for name, value in changes.items() if value != NOBODY)


@pytest.mark.parametrize("name", ["feed", "fallbackFeed", "uptimeFeed"])
def test_feed__without_code__is_refused(market: GuardedMarket, name: str) -> None:
    assert refused(market, **{name: STRANGER}) == ("InvalidFeed", STRANGER)


@pytest.mark.parametrize(
    ("name", "same_as"), [("fallbackFeed", "first"), ("uptimeFeed", "first"), ("uptimeFeed", "second")]
)
def test_feed__given_twice__is_refused(market: GuardedMarket, name: str, same_as: str) -> None:
    address = getattr(market, same_as)
    assert refused(market, **{name: address}) == ("InvalidFeed", address)


def test_feed__that_is_nobody__is_refused(market: GuardedMarket) -> None:
    for changes in ({}, NO_UPTIME):
        assert refused(market, feed=NOBODY, **changes) == ("InvalidFeed", "")


@pytest.mark.parametrize("name", ["feed", "fallbackFeed"])
@pytest.mark.parametrize(
    ("contract", "args"),
    [
        ("AlwaysReverts", ()),
        ("AnswersBytes", (b"\0" * 31,)),
        ("AnswersBytes", (b"\0" * 31 + b"\x25",)),
        ("AnswersBytes", (b"\1" + b"\0" * 31,)),
    ],
)
def test_price_feed__without_decimals_or_with_more_than_36__is_refused(
    market: GuardedMarket, name: str, contract: str, args: tuple[Value, ...]
) -> None:
    source = market.place(load(contract), *args)
    assert refused(market, **{name: source}) == ("InvalidFeed", source)

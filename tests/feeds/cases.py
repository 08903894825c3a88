"""What leads to each case of the table in examples/feeds/README.md; a case may have several causes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ringfence.evm.artifacts import load
from ringfence.types.outcome import Value
from ringfence.types.roles import OWNER

from tests.feeds.guarded import DAY, FIRST_AGE, GRACE, HIGHEST, LOWEST, PRICE, SECOND_AGE, GuardedMarket
from tests.feeds.settlement import Clock

Cause = Callable[[GuardedMarket], Value]

OTHER: Final = 2_010  # near PRICE, and to be told from it
FAR: Final = 2_041
REPORTED_FOR: Final = 7 * DAY
LONG_AGO: Final = REPORTED_FOR + 600
UNUSED_FOR: Final = LONG_AGO + DAY


def silent(first_for: int, second_for: int, price: int = OTHER) -> Cause:
    """Return what makes both feeds stale; the second one answers ``price`` at last."""

    def cause(market: GuardedMarket) -> None:
        market.answer_first(PRICE, first_for)
        market.answer_second(price, second_for)

    return cause


def only_second(cause: Cause) -> Cause:
    """Return a cause, with another price of the second feed."""

    def both(market: GuardedMarket) -> None:
        cause(market)
        market.answer_second(OTHER)

    return both


def in_turn(*causes: Cause) -> Cause:
    """Return causes as one."""

    def all_of_them(market: GuardedMarket) -> None:
        for cause in causes:
            cause(market)

    return all_of_them


def first_turns(name: str) -> Cause:
    """Return what lets the first feed behave as a contract does, and the second one be fresh."""
    return only_second(lambda market: market.turn(market.first, load(name)))


STALE_FIRST: Final = only_second(lambda market: market.answer_first(PRICE, FIRST_AGE + 1))
OUT_OF_BOUNDS: Final = in_turn(
    lambda market: market.answer_first(LOWEST), lambda market: market.answer_second(HIGHEST)
)


def breaks(feed: str) -> Cause:
    """Return what lets every read of a feed revert: ``first``, ``second`` or ``uptime``."""
    return lambda market: market.do(OWNER, getattr(market, feed), "setBroken", True, seconds=0)


BROKEN_SECOND: Final = breaks("second")
CASES: Final[Mapping[str, Mapping[str, Cause]]] = MappingProxyType(
    {
        "both live and near": {
            "same time": lambda market: market.answer_second(OTHER),
            "second newer": in_turn(
                lambda market: market.answer_first(PRICE, 60), lambda market: market.answer_second(OTHER)
            ),
        },
        "first live, second not": {
            "stale": lambda market: market.answer_second(FAR, SECOND_AGE + 1),
            "broken": BROKEN_SECOND,
            "at the lower clamp": lambda market: market.answer_second(LOWEST),
            "at the upper clamp": lambda market: market.answer_second(HIGHEST),
        },
        "second live, first not": {
            "stale": STALE_FIRST,
            "reverts": first_turns("AlwaysReverts"),
            "burns its gas": first_turns("BurnsGas"),
            "at the lower clamp": only_second(lambda market: market.answer_first(LOWEST)),
            "at the upper clamp": only_second(lambda market: market.answer_first(HIGHEST)),
            "minus one": only_second(lambda market: market.answer_first(-1)),
            "from the future": only_second(lambda market: market.answer_first(PRICE, -1)),
            "without a time": only_second(lambda market: market.answer_first(PRICE, market.now)),
        },
        "both live, too far apart": {
            "second higher": lambda market: market.answer_second(FAR),
            "second lower": lambda market: market.answer_second(PRICE - 41),
            "second newer": in_turn(
                lambda market: market.answer_first(PRICE, 60), lambda market: market.answer_second(FAR)
            ),
        },
        "none live, the newest from before the report": {
            "second newer": silent(LONG_AGO + 1, LONG_AGO),
            "first newer": silent(LONG_AGO, LONG_AGO + 1),
            "same time": silent(LONG_AGO, LONG_AGO),
            "second newer and far, the first silent before": silent(LONG_AGO + FIRST_AGE + 1, LONG_AGO, FAR),
        },
        "none live, the newest since the report": {
            "both stale": silent(3 * SECOND_AGE, 2 * SECOND_AGE),
            "stale for the guard, not by the vault's age": silent(FIRST_AGE + 1, SECOND_AGE + 1),
        },
        "none live, the newest in dispute": {
            "second newer": silent(LONG_AGO + FIRST_AGE, LONG_AGO, FAR),
            "second older": silent(LONG_AGO, LONG_AGO + SECOND_AGE, FAR),
        },
        "none readable and within the bounds": {
            "out of bounds": OUT_OF_BOUNDS,
            "unreadable": in_turn(breaks("first"), BROKEN_SECOND),
            "without a time": in_turn(BROKEN_SECOND, lambda market: market.answer_first(PRICE, market.now)),
        },
        "sequencer down, a price live": {
            "down": lambda market: market.sequencer(1, 60),
            "down for long": lambda market: market.sequencer(1, 30 * DAY),
            "not begun": lambda market: market.sequencer(0, market.now),
            "from the future": lambda market: market.sequencer(0, -1),
            "unreadable": breaks("uptime"),
            "down, first stale": in_turn(STALE_FIRST, lambda market: market.sequencer(1, 60)),
        },
        "sequencer down, none live": {
            "down": in_turn(silent(LONG_AGO + 1, LONG_AGO), lambda market: market.sequencer(1, LONG_AGO))
        },
        "sequencer back, in grace, a price live": {
            "just now": lambda market: market.sequencer(0, 0),
            "at its end": lambda market: market.sequencer(0, GRACE),
            "first stale": in_turn(STALE_FIRST, lambda market: market.sequencer(0, 60)),
        },
    }
)


def clock(market: GuardedMarket) -> Clock:
    """Return a clock that has run out: what a call of ``settleMarket`` does is up to the answer."""
    return market.clock(REPORTED_FOR, UNUSED_FOR)

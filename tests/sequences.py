"""Call sequences that lead the standard market into the states that a test should not miss."""

from types import MappingProxyType
from typing import Final

from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.roles import GUARDIAN, LIQUIDATORS, OPERATOR, OWNER, POOL, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    BreakFeed,
    Close,
    Donate,
    Liquidate,
    Open,
    Pause,
    SetOperator,
    SetPrice,
    SettleMarket,
)
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

USD: Final = 10**6  # the standard market's collateral has 6 decimals
ANSWER: Final = 10**8  # and its feed 8
NO_LIMIT_BUYING: Final = 2**256 - 1
NO_LIMIT_SELLING: Final = 0
NO_DEADLINE: Final = 2**256 - 1

LONG, SHORT, TINY, WHALE = 1, 2, 3, 4  # the positions, in the order in which the sequences open them


def at_price(whole_tokens: int) -> SetPrice:
    """Return the action that sets a fresh price."""
    return SetPrice(OWNER, whole_tokens * ANSWER, 0)


def long(account: str, size: int, margin: int) -> Open:
    """Return the action that opens a long without limits."""
    return Open(account, size, margin, NO_LIMIT_BUYING, NO_DEADLINE)


def short(account: str, size: int, margin: int) -> Open:
    """Return the action that opens a short without limits."""
    return Open(account, -size, margin, NO_LIMIT_SELLING, NO_DEADLINE)


def sequence(*actions: Action) -> CallSequence:
    """Return actions as a program, a block each."""
    return tuple(Step(action, 1) for action in actions)


def abandoned() -> CallSequence:
    """Return what leads to the second in which the market may be settled, whatever it was before."""
    report = sequence(BreakFeed(OWNER, True), SettleMarket(STRANGER))
    return (*report, Step(SetOperator(STRANGER, OPERATOR, 0, 0), STANDARD.parameters.settle_after))


BOTH_SIDES: Final = sequence(
    long(TRADERS[0], 10 * SIZE, 1_100 * USD),
    short(TRADERS[1], 8 * SIZE, 2_000 * USD),
    SetOperator(TRADERS[0], OPERATOR, 7, 2**40),
)
CLAIMABLE: Final = BOTH_SIDES + sequence(
    # too small to be liquidated in part: what is left becomes claimable
    long(TRADERS[2], 6 * SIZE // 1000, 620_000),
    at_price(1_940),
    Liquidate(LIQUIDATORS[0], TINY),
    at_price(2_000),
)
WHALE_IN: Final = CLAIMABLE + sequence(long(TRADERS[2], 1_400 * SIZE, 600_000 * USD))
INSOLVENT: Final = WHALE_IN + sequence(
    at_price(3_000), Close(TRADERS[2], WHALE, NO_LIMIT_SELLING, NO_DEADLINE)
)
EVERYBODY_OUT: Final = INSOLVENT + sequence(
    at_price(2_000),
    Close(TRADERS[0], LONG, NO_LIMIT_SELLING, NO_DEADLINE),
    Close(TRADERS[1], SHORT, NO_LIMIT_BUYING, NO_DEADLINE),
)

SEQUENCES: Final = MappingProxyType(
    {
        "quiet": (),
        "both sides": BOTH_SIDES,
        "claimable": CLAIMABLE,
        "liquidatable in part": BOTH_SIDES + sequence(at_price(1_930)),
        "bankrupt": BOTH_SIDES + sequence(at_price(1_000)),
        "losing traders": WHALE_IN + sequence(at_price(1_800)),
        "deleveraging": WHALE_IN + sequence(at_price(2_500)),
        "insolvent": INSOLVENT,
        "owed": INSOLVENT + sequence(Donate(OWNER, POOL, 100_000 * USD), at_price(2_000)),
        "to be settled": EVERYBODY_OUT + abandoned(),  # it owes more than it has
        "paused": CLAIMABLE + sequence(Pause(GUARDIAN)),
        "dead feed": INSOLVENT + sequence(Donate(OWNER, POOL, 1_000_000 * USD), BreakFeed(OWNER, True)),
    }
)

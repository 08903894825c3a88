"""The transactions whose gas is promised, each with what comes before it.

All act on one long beside others on its side: no transaction is the first of its side or empties it.
Sizes and prices are not round, since a division that rounds costs a little more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ringfence.types.actions import Action
from ringfence.types.roles import LIQUIDATORS, OWNER, POOL, PROVIDERS, STRANGER, TOKEN, TRADERS, VAULT
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.markets import SIZE
from ringfence.vaults.isolated_margin.rare_events import RareEvent

from tests.gas.crowd import ODD
from tests.sequences import ANSWER, NO_DEADLINE, NO_LIMIT_BUYING, NO_LIMIT_SELLING, USD, long

TRADER, ANOTHER = TRADERS[:2]
KEEPER: Final = LIQUIDATORS[0]  # holds tokens already
POOR_KEEPER: Final = STRANGER  # holds none: the token makes a new word for the reward
PROVIDER, NEWCOMER = PROVIDERS  # the first holds shares already

PART: Final = SIZE + 7
OPEN: Final = long(TRADER, 10 * SIZE + 7, 1_100 * USD)
OPEN_TINY: Final = long(TRADER, 6 * SIZE // 1000 + 7, 620_000)  # a part of it would be below minNotional
OPEN_LARGE: Final = long(TRADER, 60 * SIZE + 7, 12_000 * USD)  # in the second tier
OPEN_WHALE: Final = long(ANOTHER, 1_400 * SIZE + 7, 600_000 * USD)


FINITE: Final = actions.Approve(TRADER, TOKEN, VAULT, 10**6 * USD)  # the token counts down what is left
EMPTY_WALLET: Final = actions.Donate(
    TRADER, VAULT, ODD.tokens - OPEN.margin
)  # all that is left after opening


@dataclass(frozen=True, slots=True)
class Transaction:
    """An action whose gas is measured, the actions before it, and the cases that it must show."""

    name: str
    before: tuple[Action, ...]
    action: Action
    shows: frozenset[RareEvent] = frozenset()


def at_price(whole_tokens: int) -> actions.SetPrice:
    """Return the action that sets a price a little above, which no size divides."""
    return actions.SetPrice(OWNER, whole_tokens * ANSWER + 7, 0)


def transactions(position: int) -> Iterator[Transaction]:
    """Give all transactions. ``position`` is the id that the next opened position gets."""
    yield from trades(position)
    yield from liquidations(position)
    yield from deleveragings(position)
    yield from payouts(position)
    yield Transaction("deposit", (), actions.Deposit(PROVIDER, 1_000 * USD, PROVIDER))
    yield Transaction("deposit, the provider's first", (), actions.Deposit(NEWCOMER, 1_000 * USD, NEWCOMER))
    yield Transaction("withdraw", (), actions.Withdraw(PROVIDER, 1_000 * USD, PROVIDER, PROVIDER))
    yield Transaction("redeem", (), actions.Redeem(PROVIDER, 10**12, PROVIDER, PROVIDER))


def trades(position: int) -> Iterator[Transaction]:
    """Give what traders do with their positions, at another price than that of the last transaction."""
    increase = actions.Increase(TRADER, position, PART, 100 * USD, NO_LIMIT_BUYING, NO_DEADLINE)
    decrease = actions.Decrease(TRADER, position, PART, NO_LIMIT_SELLING, NO_DEADLINE)
    close = actions.Close(TRADER, position, NO_LIMIT_SELLING, NO_DEADLINE)
    gain, loss = (OPEN, at_price(2_010)), (OPEN, at_price(1_990))
    yield Transaction("open", (OPEN, at_price(2_010)), OPEN)
    yield Transaction("open, the trader's first", (at_price(2_010),), OPEN)
    yield Transaction("open, the trader's first, finite allowance", (FINITE, at_price(2_010)), OPEN)
    yield Transaction("increase", gain, increase)
    yield Transaction("addMargin", gain, actions.AddMargin(TRADER, position, USD, TRADER))
    yield Transaction(
        "addMargin, finite allowance", (FINITE, *gain), actions.AddMargin(TRADER, position, USD + 7, TRADER)
    )
    yield Transaction("removeMargin", gain, actions.RemoveMargin(TRADER, position, USD))
    yield Transaction("decrease with a profit", gain, decrease)
    yield Transaction("decrease with a loss", loss, decrease)
    yield Transaction("close with a profit", gain, close)
    yield Transaction("close with a loss", loss, close)
    yield Transaction(
        "close with a profit, into an empty wallet", (OPEN, EMPTY_WALLET, at_price(2_010)), close
    )


def liquidations(position: int) -> Iterator[Transaction]:
    """Give the kinds of liquidation."""
    left = {RareEvent.FULL_LIQUIDATION, RareEvent.CLAIMABLE_LEFT}
    deficit = {RareEvent.FULL_LIQUIDATION, RareEvent.REWARD_TOPPED_UP, RareEvent.DEFICIT_COVERED}
    part = {RareEvent.PARTIAL_LIQUIDATION}
    kinds = {
        "liquidate, full, margin left": (OPEN_TINY, 1_940, left),
        "liquidate, full, deficit": (OPEN, 1_880, deficit),
        "liquidate, partial": (OPEN, 1_930, part),
        "liquidate, partial, to a lower tier": (OPEN_LARGE, 1_840, part | {RareEvent.TIER_CROSSING}),
    }
    for name, (opened, price, shows) in kinds.items():
        before = (opened, at_price(price))
        yield Transaction(name, before, actions.Liquidate(KEEPER, position), frozenset(shows))
        poor = actions.Liquidate(POOR_KEEPER, position)
        yield Transaction(f"{name}, keeper without tokens", before, poor, frozenset(shows))


def deleveragings(position: int) -> Iterator[Transaction]:
    """Give both kinds of deleveraging: of a whale in part, of a tiny position as a whole; first or later."""
    before = (OPEN_TINY, OPEN_TINY, OPEN_WHALE, at_price(2_500))
    first, of_tiny, of_whale = (actions.Deleverage(KEEPER, position + after) for after in range(3))
    part, whole = frozenset({RareEvent.PARTIAL_DELEVERAGING}), frozenset({RareEvent.WHOLE_DELEVERAGING})
    yield Transaction("deleverage, the first of a round, partial", before, of_whale, part)
    yield Transaction("deleverage, the first of a round, whole", before, first, whole)
    yield Transaction("deleverage, partial", (*before, first), of_whale, part)
    yield Transaction("deleverage, whole", (*before, first), of_tiny, whole)


def payouts(position: int) -> Iterator[Transaction]:
    """Give what fetches money that waits: after a liquidation, or a profit that the pool did not have."""
    liquidated = (OPEN_TINY, at_price(1_940), actions.Liquidate(KEEPER, position))
    close = actions.Close(ANOTHER, position, NO_LIMIT_SELLING, NO_DEADLINE)
    insolvent = (OPEN_WHALE, at_price(3_000), close)
    yield Transaction("claim", liquidated, actions.Claim(TRADER, TRADER))
    collect = actions.CollectOwed(KEEPER, ANOTHER)
    for name, assets in (("collectOwed, a part", 1_000 * USD), ("collectOwed, all", 1_000_000 * USD)):
        yield Transaction(name, (*insolvent, actions.Donate(OWNER, POOL, assets)), collect)

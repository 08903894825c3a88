"""What people ask of positions beyond the lens: what if, how far, how much, who is next.

All at the live price with carry as of now. ``views`` answers what a lens contract would: liquidation price,
status, maximum removable margin and so on. Every function raises ``NotAnInteger`` and ``OutOfDomain`` before
all, then ``NoPosition`` where it takes a position, then ``InvalidPrice`` or ``StalePrice`` with a dead feed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from isolated_margin import levels, margin, views
from isolated_margin.arguments import check_maximum
from isolated_margin.errors import Refusal
from isolated_margin.fixed import MAX_ASSETS, MAX_PRICE, MAX_UINT256, uint256
from isolated_margin.margin import Position
from isolated_margin.market import Market
from isolated_margin.pool import VAULT
from isolated_margin.price import WAD_DECIMALS, PriceFeed
from isolated_margin.sizing import largest_size
from isolated_margin.vault import Vault


@dataclass(frozen=True, slots=True)
class Projection:
    """A position's liquidation price before and after a change, WAD; 0 where there is none."""

    before_wad: int
    after_wad: int


@dataclass(frozen=True, slots=True)
class DeleveragedPart:
    """What a round of deleveraging takes of a position: a size in magnitude, and the profit in assets."""

    position_id: int
    size: int
    realised: int


@dataclass(frozen=True, slots=True)
class SettlementOutcome:
    """What a position gets, in assets, when its market is settled and all is liquidated in the order of ids.

    ``claimable`` and ``owed`` are together what ``equity`` is, if not negative; of what is missing of it
    insurance covers ``covered``, and ``pool_loss`` is the pool's.
    """

    position_id: int
    equity: int
    claimable: int
    owed: int
    covered: int
    pool_loss: int


# What if


def after_adding_margin(market: Market, position_id: int, assets: int) -> Projection:
    """Return the liquidation price before and after adding ``assets``.

    Raises as ``add_margin``, the wallet apart.
    """
    uint256(assets)

    def add(vault: Vault, owner: str) -> None:
        vault.add_margin(owner, position_id, assets, owner)

    return _project(market, position_id, assets, add)


def after_removing_margin(market: Market, position_id: int, assets: int) -> Projection:
    """Return the liquidation price before and after removing ``assets``.

    Raises as ``remove_margin``.
    """
    uint256(assets)

    def remove(vault: Vault, owner: str) -> None:
        vault.remove_margin(owner, position_id, assets)

    return _project(market, position_id, 0, remove)


def after_increasing(market: Market, position_id: int, size_delta: int, assets: int) -> Projection:
    """Return the liquidation price before and after adding ``size_delta`` with ``assets`` of margin.

    At any limit; raises as ``increase``, pause and wallet apart.
    """
    uint256(size_delta), uint256(assets)

    def increase(vault: Vault, owner: str) -> None:
        limit = MAX_PRICE if vault.position(position_id).size > 0 else 0
        vault.increase(owner, position_id, size_delta, assets, limit, MAX_UINT256)

    return _project(market, position_id, assets, increase)


def after_decreasing(market: Market, position_id: int, size_delta: int) -> Projection:
    """Return the liquidation price before and after closing ``size_delta``; 0 after closing all.

    At any limit; raises as ``decrease``.
    """
    uint256(size_delta)

    def decrease(vault: Vault, owner: str) -> None:
        limit = 0 if vault.position(position_id).size > 0 else MAX_PRICE
        vault.decrease(owner, position_id, size_delta, limit, MAX_UINT256)

    return _project(market, position_id, 0, decrease)


# How far


def bankruptcy_price(market: Market, position_id: int) -> int:
    """Return the price (WAD) from which on equity is negative; 0 if none.

    The highest such price for a long, the lowest for a short.
    """
    return levels.bankruptcy_price(_settled(market.vault, position_id), market.vault.scale)


def margin_call_price(market: Market, position_id: int) -> int:
    """Return the price (WAD) at which the position's status turns from healthy to margin call; 0 if none.

    See ``levels.margin_call_price`` for how sharp that is.
    """
    return levels.margin_call_price(
        _settled(market.vault, position_id), market.vault.scale, market.parameters
    )


# How much


def max_size(market: Market, assets: int, *, is_long: bool) -> int:
    """Return the largest size (a magnitude) that ``open`` takes with ``assets`` of margin; 0 if none.

    The trading fee, the initial margin, the side's cap and what the pool is worth are all taken into
    account; the pause and the caller's wallet are not.

    Raises:
        AmountTooLarge: ``assets`` is above ``MAX_ASSETS``.
    """
    if type(is_long) is not bool:
        raise TypeError(f"is_long must be True or False, not {is_long!r}")
    check_maximum(uint256(assets))
    vault, price_wad = market.vault, market.vault.price_wad()
    room = vault.room(1 if is_long else -1, vault.book, vault.accrued(price_wad), price_wad)
    return largest_size(assets, price_wad, vault.scale, vault.parameters, room)


# How it ends


def settlement_outcome(market: Market) -> tuple[SettlementOutcome, ...]:
    """Return what settlement would leave to each position, if the market could be settled now, or is.

    At the price that the market has then: the feed's last answer if it can be read and is not older than the
    last accrual, else the last price that the vault used. Needs no live price.
    """
    twin = market.copy().vault
    if not twin.is_settled:
        twin.settle(twin.settlement_carry())
    price_wad, scale = twin.price_wad(), twin.scale
    outcomes = []
    for position_id, held in tuple(twin.positions.items()):
        its_equity = margin.equity(held, price_wad, twin.carry.index_of(held.size), scale)
        moved = twin.liquidate(held.owner, position_id)
        paid = moved.to_claimable, moved.fill.owed, moved.covered, moved.pool_loss
        outcomes.append(SettlementOutcome(position_id, its_equity, *paid))
    return tuple(outcomes)


# Who is next


def liquidatable(market: Market) -> tuple[int, ...]:
    """Return the positions that ``liquidate`` would take now, in the order of their ids."""
    vault = market.vault
    if vault.is_settled:
        return tuple(vault.positions)
    price_wad = vault.price_wad()
    carry, scale = vault.accrued(price_wad), vault.scale
    maintenance_margin = vault.parameters.maintenance_margin
    return tuple(
        position_id
        for position_id, held in vault.positions.items()
        if margin.equity(held, price_wad, carry.index_of(held.size), scale)
        < maintenance_margin(margin.notional(held.size, price_wad, scale))
    )


def deleverageable(market: Market) -> tuple[int, ...]:
    """Return the positions of due sides that ``deleverage`` would take now, in the order of their ids."""
    vault = market.vault
    longs, shorts = vault.sides(vault.price_wad())
    return tuple(
        position_id
        for position_id, held in vault.positions.items()
        if (longs if held.size > 0 else shorts).due and _may_be_deleveraged(vault, position_id)
    )


def deleveraging_round(market: Market, price_wad: int) -> tuple[DeleveragedPart, ...]:
    """Return what deleveraging would take of each position if all were called now, at this price (WAD), in
    the order of their ids; those that would lose nothing are left out.
    """
    twin = market.copy()
    twin.vault.feed = PriceFeed(WAD_DECIMALS)
    twin.vault.feed.set(uint256(price_wad), twin.clock.timestamp)
    parts = []
    for position_id in deleverageable(twin):
        if _may_be_deleveraged(twin.vault, position_id):  # less so after those before it
            fill = twin.vault.deleverage(VAULT, position_id).fill
            parts.append(DeleveragedPart(position_id, fill.size_closed, fill.realised))
    return tuple(parts)


def _may_be_deleveraged(vault: Vault, position_id: int) -> bool:
    try:
        views.preview_deleverage(vault, position_id)
    except Refusal:
        return False
    return True


def _settled(vault: Vault, position_id: int) -> Position:
    position = vault.live_position(position_id)
    return vault.settled(position, vault.accrued(vault.price_wad()))


def _project(
    market: Market, position_id: int, assets: int, change: Callable[[Vault, str], object]
) -> Projection:
    """Carry out a change on a copy of the market, not paused, whose owner has ``assets`` to spend."""
    before_wad = views.liquidation_price(market.vault, position_id)
    twin = market.copy()
    owner = twin.vault.position(position_id).owner
    twin.vault.paused = False
    twin.token.mint(owner, min(assets, MAX_ASSETS))
    twin.token.approve(owner, VAULT, MAX_UINT256)
    change(twin.vault, owner)
    if position_id not in twin.vault.positions:
        return Projection(before_wad, 0)
    return Projection(before_wad, views.liquidation_price(twin.vault, position_id))

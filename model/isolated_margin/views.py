"""What can be asked of a vault at the live price with carry as of now: its lens.

Each answer is what execution in the same block would find. Every function raises ``NoPosition``
first where it takes a position, then ``InvalidPrice`` or ``StalePrice`` with a dead feed, unless the
market is settled;
``NotAnInteger`` and ``OutOfDomain`` before all. Source of the formulas: docs/rules.md.
"""

from dataclasses import dataclass

from isolated_margin import exposure, liquidation, margin, trade
from isolated_margin.arguments import check_opening
from isolated_margin.errors import MarketSettled
from isolated_margin.events import DeleverageResult, Liquidation
from isolated_margin.exposure import SideView
from isolated_margin.fixed import int256, uint256
from isolated_margin.liquidation_price import liquidation_price as settled_liquidation_price
from isolated_margin.margin import Position, Status
from isolated_margin.vault import Vault


@dataclass(frozen=True, slots=True)
class OpenPreview:
    """What ``open`` would do. ``price_wad`` and ``liquidation_price_wad`` (0 if none) are scaled by
    WAD, the rest is in assets; ``equity`` is after the fee.
    """

    price_wad: int
    notional: int
    fee: int
    initial_margin: int
    equity: int
    liquidation_price_wad: int


def equity(vault: Vault, position_id: int) -> int:
    """Return margin plus pnl, in assets."""
    position, price_wad = _as_of_now(vault, position_id)
    return margin.settled_equity(position, price_wad, vault.scale)


def pnl(vault: Vault, position_id: int) -> int:
    """Return the unrealised profit or loss, carry included, in assets, rounded down."""
    position, price_wad = _as_of_now(vault, position_id)
    return margin.settled_pnl(position, price_wad, vault.scale)


def status(vault: Vault, position_id: int) -> Status:
    """Return how the position stands: liquidatable at best in a settled market."""
    position, price_wad = _as_of_now(vault, position_id)
    its_equity = margin.settled_equity(position, price_wad, vault.scale)
    its_notional = margin.notional(position.size, price_wad, vault.scale)
    return margin.status(its_equity, its_notional, vault.parameters, is_settled=vault.is_settled)


def notional(vault: Vault, position_id: int) -> int:
    """Return what the size is worth in magnitude, in assets, rounded up."""
    position, price_wad = _as_of_now(vault, position_id)
    return margin.notional(position.size, price_wad, vault.scale)


def maintenance_margin(vault: Vault, position_id: int) -> int:
    """Return the equity below which the position is liquidatable, in assets, rounded up."""
    return vault.parameters.maintenance_margin(notional(vault, position_id))


def initial_margin(vault: Vault, position_id: int) -> int:
    """Return the guarded equity that removing margin must leave, in assets, rounded up."""
    position, price_wad = _as_of_now(vault, position_id)
    return vault.parameters.initial_margin(
        margin.notional(position.size, price_wad, vault.scale), position.rate_bp
    )


def liquidation_price(vault: Vault, position_id: int) -> int:
    """Return the highest price (WAD) at which a long, the lowest at which a short is liquidatable.

    0 if there is none, and in a settled market; carry as of now, held fixed.
    """
    position, _ = _as_of_now(vault, position_id)
    if vault.is_settled:
        return 0
    return settled_liquidation_price(position, vault.scale, vault.parameters)


def max_removable(vault: Vault, position_id: int) -> int:
    """Return the largest assets that ``remove_margin`` would let go; 0 if none, and in a settled market."""
    position, price_wad = _as_of_now(vault, position_id)
    if vault.is_settled:
        return 0
    guarded = margin.guarded_equity(position, price_wad, position.carry_entry, vault.scale)
    its_notional = margin.notional(position.size, price_wad, vault.scale)
    spare = guarded - vault.parameters.initial_margin(its_notional, position.rate_bp)
    return max(0, min(position.margin, spare))


def preview_liquidation(vault: Vault, position_id: int) -> Liquidation:
    """Return what ``liquidate`` would move.

    Raises:
        NotLiquidatable: the position meets its maintenance margin.
    """
    position, price_wad = _as_of_now(vault, position_id)
    _, moved = liquidation.liquidate(
        position,
        price_wad,
        vault.scale,
        vault.terms,
        vault.free(),
        vault.insurance,
        vault.book.sizes(position.size),
        is_final=vault.is_settled,
    )
    return moved


def preview_deleverage(vault: Vault, position_id: int) -> DeleverageResult:
    """Return what ``deleverage`` would move.

    Raises:
        MarketSettled, DeleverageNotNeeded, NotProfitable, AlreadyDeleveraged, PoolEmpty: it would move
            nothing.
    """
    vault.live_position(position_id)
    if vault.is_settled:
        raise MarketSettled
    price_wad = vault.price_wad()
    _, moved = vault.deleveraged(position_id, vault.accrued(price_wad), price_wad)
    return moved


def preview_open(vault: Vault, size: int, margin_assets: int) -> OpenPreview:
    """Return what ``open`` of a signed ``size`` with ``margin_assets`` would do.

    Raises what ``open`` would; pause, limit, deadline and the caller's tokens apart.
    """
    int256(size), uint256(margin_assets)
    if vault.is_settled:
        raise MarketSettled
    check_opening(size, margin_assets)
    price_wad = vault.price_wad()
    carry = vault.accrued(price_wad)
    nothing = Position("", size=0, margin=0, carry_entry=carry.index_of(size), quote=0)
    scale, parameters = vault.scale, vault.parameters
    room = vault.room(size, vault.book, carry, price_wad)
    position, fee, _ = trade.increase(nothing, size, margin_assets, price_wad, scale, parameters, room)
    its_notional = margin.notional(size, price_wad, scale)
    return OpenPreview(
        price_wad=price_wad,
        notional=its_notional,
        fee=fee.to_pool + fee.to_insurance,
        initial_margin=parameters.initial_margin(its_notional, position.rate_bp),
        equity=margin.settled_equity(position, price_wad, scale),
        liquidation_price_wad=settled_liquidation_price(position, scale, parameters),
    )


def fair_value(vault: Vault) -> int:
    """Return the providers' assets if every side paid and got what it can; may be negative."""
    values = vault.side_values(vault.price_wad())
    return exposure.fair_value(values, vault.pool.balance(), vault.total_owed)


def sides(vault: Vault) -> tuple[SideView, SideView]:
    """Return the sums of longs and shorts and what they mean for the pool."""
    return vault.sides(vault.price_wad())


def settlement(vault: Vault) -> tuple[int, bool, int]:
    """Return when the feed was reported dead, whether the market is settled, and from when on it may be.

    Timestamps, 0 while no clock runs; needs no price.
    """
    dead_since = vault.dead_since
    return dead_since, vault.is_settled, dead_since + vault.parameters.settle_after if dead_since else 0


def _as_of_now(vault: Vault, position_id: int) -> tuple[Position, int]:
    """Return the position, settled as execution would, and the live price."""
    position = vault.live_position(position_id)
    price_wad = vault.price_wad()
    return vault.settled(position, vault.accrued(price_wad)), price_wad

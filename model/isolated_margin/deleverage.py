"""Auto-deleveraging: realising profit while the pool can hardly pay it. Pure functions.

Positions come settled: carry is in ``quote`` already. Source of the formulas: docs/rules.md.
"""

from isolated_margin.errors import DeleverageNotNeeded, NotProfitable
from isolated_margin.events import DeleverageResult
from isolated_margin.exposure import is_deleveraging
from isolated_margin.fixed import (
    MAX_UINT256,
    PPM,
    WAD,
    ceil_div,
    int256,
    mul_div_down,
    mul_div_up,
    uint256,
    within,
)
from isolated_margin.margin import EMPTY, Position, notional, settled_pnl
from isolated_margin.parameters import RiskParameters
from isolated_margin.trade import realise


def profit_to_realise(net_pnl: int, free: int, parameters: RiskParameters) -> int:
    """Return the profit in assets, rounded up, that brings net profit to its target share of ``free``.

    Realised profit leaves the pool, so it lowers both sides; never more than all of the net profit.
    """
    excess = int256(net_pnl) * PPM - parameters.adl_target_ppm * uint256(free)
    return min(net_pnl, ceil_div(excess, PPM - parameters.adl_target_ppm))


def size_to_close(
    position: Position, its_pnl: int, profit: int, price_wad: int, scale: int, parameters: RiskParameters
) -> int:
    """Return the size (a magnitude, rounded up) that realises ``profit`` assets of ``its_pnl``.

    Everything when the position has no more profit than that, or when dust would stay.
    """
    int256(its_pnl), uint256(profit), uint256(price_wad), within(scale, 1, MAX_UINT256)
    held = abs(position.size)
    if profit >= its_pnl:
        return held
    size = min(held, mul_div_up(held, profit, its_pnl))
    if notional(held - size, price_wad, scale) < parameters.min_notional:
        return held
    return size


def deleverage(
    position: Position,
    net_pnl: int,
    free: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
) -> tuple[Position, DeleverageResult]:
    """Return what is left of the position after deleveraging it, and what moved; there is no fee.

    A whole close leaves an empty position: ``to_claimable`` is its margin.

    Raises:
        DeleverageNotNeeded: the traders' net profit is at most the trigger share of ``free``.
        NotProfitable: the position has no profit.
    """
    uint256(price_wad), within(scale, 1, MAX_UINT256)
    if not is_deleveraging(net_pnl, free, parameters):
        raise DeleverageNotNeeded(net_pnl, free)
    its_pnl = settled_pnl(position, price_wad, scale)
    if its_pnl <= 0:
        raise NotProfitable(its_pnl)
    profit = profit_to_realise(net_pnl, free, parameters)
    size = size_to_close(position, its_pnl, profit, price_wad, scale, parameters)
    left, fill = realise(position, size, price_wad, scale, free)
    if left.size == 0:
        return EMPTY, DeleverageResult(fill, to_claimable=left.margin)
    return left, DeleverageResult(fill, to_claimable=0)


def adl_score(its_pnl: int, margin: int, its_notional: int) -> int:
    """Return a position's rank for deleveraging, highest first, rounded down; 0 without profit.

    Profit per margin (scaled by WAD) times leverage; all arguments in assets.
    """
    uint256(margin), uint256(its_notional)
    if int256(its_pnl) <= 0:
        return 0
    profit_wad = mul_div_down(its_pnl, WAD, max(margin, 1))
    return mul_div_down(profit_wad, its_notional, margin + its_pnl)

"""Liquidation: the smallest reduction that brings a position back to its target. Pure functions.

Positions come settled: carry is in ``quote`` already. Source of the formulas: docs/rules.md.
"""

from dataclasses import replace
from typing import Final

from isolated_margin.errors import NotLiquidatable
from isolated_margin.events import Fill, Liquidation
from isolated_margin.fixed import PPM, ceil_div, floor_div, int256, uint256
from isolated_margin.margin import EMPTY, Position, notional, settled_equity
from isolated_margin.parameters import RiskParameters
from isolated_margin.trade import realise, trading_fee

ROUNDING_SLACK: Final = 8  # assets: covers every rounding between this formula and the target


def notional_to_close(its_notional: int, its_equity: int, most_fee: int, parameters: RiskParameters) -> int:
    """Return the assets of notional to close so that what stays has its target, rounded up.

    Solves equity less the fee = target of what stays, in the tier that what stays falls in; more
    than ``its_notional`` when nothing would do. The fee is a share of what is closed, up to
    ``most_fee`` assets: with either the target is met, so the smaller solution is the answer.
    """
    int256(its_equity), uint256(most_fee)
    schedule = parameters.maintenance
    raised = PPM + parameters.buffer_ppm
    tier = schedule.tier_of(its_notional)
    while True:
        slope = schedule.rates_ppm[tier] * raised
        missing = its_notional * slope - schedule.deductions[tier] * raised
        missing -= (its_equity - ROUNDING_SLACK) * PPM * PPM
        with_full_fee = ceil_div(missing, slope - parameters.liquidation_fee_ppm * PPM)
        closing = min(with_full_fee, ceil_div(missing + most_fee * PPM * PPM, slope))
        if tier == 0 or its_notional - closing >= schedule.floors[tier]:
            return closing
        tier -= 1


def size_to_close(
    position: Position,
    its_equity: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    free: int,
) -> int:
    """Return the size (a magnitude) that a liquidation closes; everything when dust would stay.

    A fee can't be more than margin and the pool's free assets together, since margin pays it after the pool.
    """
    uint256(free)
    held = abs(position.size)
    its_notional = notional(held, price_wad, scale)
    closing = notional_to_close(its_notional, its_equity, position.margin + free, parameters)
    if closing >= its_notional:
        return held
    size = ceil_div(closing * scale, price_wad)
    if size >= held or notional(held - size, price_wad, scale) < parameters.min_notional:
        return held
    return size


def check_liquidatable(position: Position, price_wad: int, scale: int, parameters: RiskParameters) -> int:
    """Return the position's equity in assets; refuse one that meets its requirement.

    Raises:
        NotLiquidatable: equity is maintenance margin or more.
    """
    its_equity = settled_equity(position, price_wad, scale)
    required = parameters.maintenance_margin(notional(position.size, price_wad, scale))
    if its_equity >= required:
        raise NotLiquidatable(its_equity, required)
    return its_equity


def liquidate(
    position: Position,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    free: int,
    insurance: int,
    sizes: tuple[int, int],
    *,
    is_final: bool = False,
) -> tuple[Position, Liquidation]:
    """Return what is left of the position after its liquidation, and what moved.

    ``sizes`` are the totals of its own side, the position included, and of the other. A whole close leaves an
    empty position: ``to_claimable`` is its margin. ``is_final``: a settled market, where all of any
    position goes.

    Raises:
        NotLiquidatable: equity is maintenance margin or more.
    """
    uint256(free), uint256(insurance), uint256(sizes[0]), uint256(sizes[1])
    size = abs(position.size)
    if not is_final:
        its_equity = check_liquidatable(position, price_wad, scale, parameters)
        size = size_to_close(position, its_equity, price_wad, scale, parameters, free)
    left, fill = realise(position, size, price_wad, scale, free)
    fee = ceil_div(notional(size, price_wad, scale) * parameters.liquidation_fee_ppm, PPM)
    reward = floor_div(fee * parameters.liquidator_share_ppm, PPM)
    insured = min(reward, trading_fee(size, price_wad, scale, parameters))
    held = held_back((sizes[0] - size, sizes[1]), price_wad, scale, parameters)
    paid = min(fee, left.margin)
    margin = left.margin - paid
    if left.size == 0:
        return EMPTY, _shared(fill, paid, reward, insured, insurance, held, to_claimable=margin)
    left = replace(left, margin=margin)
    return left, _shared(fill, paid, reward, insured, insurance, held, to_claimable=0)


def held_back(sizes: tuple[int, int], price_wad: int, scale: int, parameters: RiskParameters) -> int:
    """Return the assets of insurance that cover no deficit, rounded up: a trading fee on both sides' sizes.

    They are what insurance may add to the rewards for liquidating all that is open.
    """
    worth = sum(notional(uint256(size), price_wad, scale) for size in sizes)
    return ceil_div(worth * parameters.trading_fee_ppm, PPM)


def _shared(
    fill: Fill, fee: int, reward: int, insured: int, insurance: int, held: int, to_claimable: int
) -> Liquidation:
    """Share the fee that left margin. Insurance adds what the liquidator lacks to ``insured``, then bears of
    the deficit what it has beyond ``held``.
    """
    reward_from_margin = min(reward, fee)
    to_insurance = fee - reward_from_margin
    insurance += to_insurance
    reward_from_insurance = min(max(0, insured - reward_from_margin), insurance)
    insurance -= reward_from_insurance
    covered = min(fill.deficit, max(0, insurance - held))
    return Liquidation(
        fill=fill,
        fee=fee,
        reward_from_margin=reward_from_margin,
        to_insurance=to_insurance,
        reward_from_insurance=reward_from_insurance,
        covered=covered,
        pool_loss=fill.deficit - covered,
        to_claimable=to_claimable,
    )

"""How large a position a margin carries. Pure; source of the rules: docs/rules.md.

With margin M, a position of notional N is taken when ``M - fee(N) + pnl >= initialMargin(N)``. Its pnl at
the price it was opened at is 0 where size * price / scale is whole, and -1 elsewhere: so the largest size is
either the last whole one within one bound on N, or any size within a bound that is one asset tighter.
"""

from math import gcd

from isolated_margin.fixed import (
    MAX_ASSETS,
    MAX_PRICE,
    MAX_SIZE,
    MAX_UINT256,
    PPM,
    ceil_div,
    floor_div,
    uint256,
    within,
)
from isolated_margin.margin import notional
from isolated_margin.parameters import RiskParameters
from isolated_margin.trade import Room, insurance_part


def largest_size(assets: int, price_wad: int, scale: int, parameters: RiskParameters, room: Room) -> int:
    """Return the largest size (a magnitude) that ``assets`` of margin open in ``room``, rounded down.

    0 if even the smallest position is too large.
    """
    uint256(assets), within(price_wad, 1, MAX_PRICE), within(scale, 1, MAX_UINT256)
    whole_size = scale // gcd(scale, price_wad)  # multiples of it are worth whole assets
    whole_limit = floor_div(_largest_notional(assets, parameters, room) * scale, price_wad)
    any_limit = floor_div(_largest_notional(assets - 1, parameters, room) * scale, price_wad)
    limit = _limit_of_side(price_wad, scale, parameters, room)
    size = max(min(limit, whole_limit) // whole_size * whole_size, min(limit, any_limit))
    return size if notional(size, price_wad, scale) >= parameters.min_notional else 0


def _limit_of_side(price_wad: int, scale: int, parameters: RiskParameters, room: Room) -> int:
    """Return the size that one side may still grow by: for its cap, and for what the pool backs."""
    backed = floor_div(floor_div(room.nav * parameters.reserve_ppm, PPM) * scale, price_wad)
    return max(0, min(MAX_SIZE, min(parameters.max_open_interest, backed) - room.open_interest))


def _largest_notional(assets: int, parameters: RiskParameters, room: Room) -> int:
    """Return the largest notional whose fee and initial margin ``assets`` pay for; 0 if none."""

    def is_open(its_notional: int) -> bool:
        fee = ceil_div(its_notional * parameters.trading_fee_ppm, PPM)
        is_room = room.insurance + insurance_part(fee, parameters) <= MAX_ASSETS
        return is_room and fee + parameters.initial_margin(its_notional) <= assets

    opened, refused = 0, MAX_ASSETS * PPM + 1  # the lowest rate is one millionth
    while refused - opened > 1:
        middle = (opened + refused) // 2
        opened, refused = (middle, refused) if is_open(middle) else (opened, middle)
    return opened

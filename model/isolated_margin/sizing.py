"""How large a position a margin carries. Pure; source of the rules: docs/rules.md.

With margin M, a position of notional N is taken when ``M - fee(N) + pnl >= required``, which grows with its
size: by the tiers, and by the open interest of its side. Its pnl at the price it was opened at is 0 where
size * price / scale is whole, and -1 elsewhere: so the largest size is either the last whole one that M
carries, or the last of any that M carries with one asset less.
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
    limit = _limit_of_side(price_wad, scale, parameters, room)
    whole_limit, any_limit = (
        _largest_carried(margin, limit, price_wad, scale, parameters, room) for margin in (assets, assets - 1)
    )
    size = max(whole_limit // whole_size * whole_size, any_limit)
    return size if notional(size, price_wad, scale) >= parameters.min_notional else 0


def _limit_of_side(price_wad: int, scale: int, parameters: RiskParameters, room: Room) -> int:
    """Return the size that one side may still grow by: for its cap, and for what the pool backs."""
    backed = floor_div(floor_div(room.nav * parameters.reserve_ppm, PPM) * scale, price_wad)
    return max(0, min(MAX_SIZE, min(parameters.max_open_interest, backed) - room.open_interest))


def _largest_carried(
    assets: int, limit: int, price_wad: int, scale: int, parameters: RiskParameters, room: Room
) -> int:
    """Return the largest size up to ``limit`` whose fee and initial margin ``assets`` pay for; 0 if none."""

    def is_open(size: int) -> bool:
        worth = notional(size, price_wad, scale)
        fee = ceil_div(worth * parameters.trading_fee_ppm, PPM)
        is_room = room.insurance + insurance_part(fee, parameters) <= MAX_ASSETS
        required = parameters.initial_margin(worth, parameters.rate_bp(room.open_interest + size))
        return is_room and fee + required <= assets

    opened, refused = 0, limit + 1
    while refused - opened > 1:
        middle = (opened + refused) // 2
        opened, refused = (middle, refused) if is_open(middle) else (opened, middle)
    return opened

"""How large a position a margin carries. Pure; source of the rules: docs/rules.md.

With margin M, a position of notional N is taken when ``M - fee(N) + pnl >= initialMargin(N)``. Its pnl at the
price it was opened at is 0 where size * price / scale is whole, and -1 elsewhere: so the largest size is
either the last whole one within one bound on N, or any size within a bound that is one asset tighter.
"""

from math import gcd

from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, PPM, ceil_div, floor_div
from isolated_margin.margin import notional
from isolated_margin.parameters import RiskParameters


def largest_size(
    assets: int, price_wad: int, scale: int, parameters: RiskParameters, open_interest: int, free: int
) -> int:
    """Return the largest size (a magnitude) that ``assets`` of margin open; 0 if the smallest is too large.

    ``open_interest``: the side's size before; ``free``: the pool's assets that are not owed. Rounded down.
    """
    room = _room(price_wad, scale, parameters, open_interest, free)
    whole_size = scale // gcd(scale, price_wad)  # multiples of it are worth whole assets
    whole_limit = floor_div(_largest_notional(assets, parameters) * scale, price_wad)
    any_limit = floor_div(_largest_notional(assets - 1, parameters) * scale, price_wad)
    whole = min(room, whole_limit) // whole_size * whole_size
    size = max(whole, min(room, any_limit))
    return size if notional(size, price_wad, scale) >= parameters.min_notional else 0


def _room(price_wad: int, scale: int, parameters: RiskParameters, open_interest: int, free: int) -> int:
    """Return the size that one side still has room for: by the cap, and by the pool's free assets."""
    backed = floor_div(floor_div(free * parameters.reserve_ppm, PPM) * scale, price_wad)
    return max(0, min(MAX_SIZE, min(parameters.max_open_interest, backed) - open_interest))


def _largest_notional(assets: int, parameters: RiskParameters) -> int:
    """Return the largest notional whose trading fee and initial margin ``assets`` pay for; 0 if none."""

    def is_paid(its_notional: int) -> bool:
        fee = ceil_div(its_notional * parameters.trading_fee_ppm, PPM)
        return fee + parameters.initial_margin(its_notional) <= assets

    paid, unpaid = 0, MAX_ASSETS * PPM + 1  # a rate of one millionth, at least
    while unpaid - paid > 1:
        middle = (paid + unpaid) // 2
        paid, unpaid = (middle, unpaid) if is_paid(middle) else (paid, middle)
    return paid

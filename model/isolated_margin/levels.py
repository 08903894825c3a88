"""The other prices that matter to a position: where its equity is gone, and where its margin call begins.

As for the liquidation price, carry must be settled into ``quote`` and stays so while the price varies.
"""

from collections.abc import Callable

from isolated_margin.fixed import MAX_PRICE, MAX_UINT256, PPM, ceil_div, floor_div, within
from isolated_margin.margin import Position, Status, equity, notional, status
from isolated_margin.parameters import RiskParameters


def bankruptcy_price(position: Position, scale: int) -> int:
    """Return the highest price (WAD) at which a long, the lowest at which a short has negative equity.

    Within [1, MAX_PRICE]; 0 if there is none. It is exact: ``entry - margin / size`` but for the rounding of
    value, which is down, and so one price unit beyond the price at which equity is just zero.
    """
    within(scale, 1, MAX_UINT256)
    backing = position.margin + position.quote
    if position.size > 0:
        return max(0, min(ceil_div(-backing * scale, position.size) - 1, MAX_PRICE))
    price_wad = max(floor_div(backing * scale, -position.size) + 1, 1)
    return price_wad if price_wad <= MAX_PRICE else 0


def margin_call_price(position: Position, scale: int, parameters: RiskParameters) -> int:
    """Return the price (WAD) at which a margin call begins: healthy at the next better price, not there.

    Within [1, MAX_PRICE]; 0 if the position is healthy at every price. The target rounds up twice, so that a
    few prices around, worth some assets of notional, may be on either side. A long whose tiers ask for a
    target that grows faster than its notional may be healthy nowhere: then it is ``MAX_PRICE``.
    """

    def is_healthy(price_wad: int) -> bool:
        its_equity = equity(position, price_wad, position.carry_entry, scale)
        return status(its_equity, notional(position.size, price_wad, scale), parameters) is Status.HEALTHY

    if position.size > 0:
        best = _best_price(position.size, scale, parameters)
        return _last_unhealthy(is_healthy, best) if is_healthy(best) else MAX_PRICE
    if is_healthy(MAX_PRICE):
        return 0
    top = MAX_PRICE + 1  # a short sees prices from the other end
    return top - _last_unhealthy(lambda distance: is_healthy(top - distance), top)


def _best_price(size: int, scale: int, parameters: RiskParameters) -> int:
    """Return the price up to which a long's equity rises faster than its target."""
    schedule = parameters.maintenance
    for floor, rate_ppm in zip(schedule.floors, schedule.rates_ppm, strict=True):
        if rate_ppm * (PPM + parameters.buffer_ppm) >= PPM * PPM:
            return max(1, min(floor_div(floor * scale, size), MAX_PRICE))
    return MAX_PRICE


def _last_unhealthy(is_healthy: Callable[[int], bool], healthy: int) -> int:
    """Return by bisection the last number that is not healthy, given that 0 is not and ``healthy`` is."""
    unhealthy = 0
    while healthy - unhealthy > 1:
        middle = (unhealthy + healthy) // 2
        if is_healthy(middle):
            healthy = middle
        else:
            unhealthy = middle
    return unhealthy

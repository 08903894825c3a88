"""The exact price at which a settled position becomes liquidatable. Source: docs/rules.md.

Let ``N`` be notional at price ``p``: size * p / scale rounded up, which rises with ``p``. A long has
value ``N`` where that quotient is whole and ``N - 1`` elsewhere; a short has value ``-N`` always. The
maintenance rate is below one and the requirement is the highest of the tiers' lines, so ``N - m(N)``
never falls and is the lowest of the tiers' ``N - line(N)``; ``N + m(N)`` rises and is the highest of
``N + line(N)``. So a bound on ``N`` is the loosest of one division per tier, and ``p`` follows from it.
"""

from isolated_margin.fixed import MAX_PRICE, MAX_UINT256, PPM, floor_div, within
from isolated_margin.margin import Position
from isolated_margin.parameters import RiskParameters, Schedule


def liquidation_price(position: Position, scale: int, parameters: RiskParameters) -> int:
    """Return the highest price (WAD) at which a long, the lowest at which a short is liquidatable.

    Within [1, MAX_PRICE]; 0 if there is none. Carry must be settled into ``quote`` and stays so. A
    long may be safe at a single lower price where its value is whole: it is worth one unit more there.
    """
    within(scale, 1, MAX_UINT256)
    backing = position.margin + position.quote
    if position.size > 0:
        return _of_long(position.size, backing, scale, parameters.maintenance)
    return _of_short(-position.size, backing, scale, parameters.maintenance)


def _of_long(size: int, backing: int, scale: int, maintenance: Schedule) -> int:
    highest = _highest_notional(-backing, maintenance)  # the last with N - m(N) <= -backing
    price_wad = min(floor_div(highest * scale, size), MAX_PRICE)
    if price_wad < 1:
        return 0
    if size * price_wad % scale != 0:
        return price_wad
    highest_whole = _highest_notional(-backing - 1, maintenance)
    if size * price_wad // scale <= highest_whole:
        return price_wad
    if size % scale != 0:
        return price_wad - 1  # not whole there, since it is whole one unit above
    return max(floor_div(highest_whole * scale, size), 0)


def _of_short(size: int, backing: int, scale: int, maintenance: Schedule) -> int:
    lowest = max(_lowest_notional(backing, maintenance), 1)  # the first with N + m(N) > backing
    price_wad = floor_div((lowest - 1) * scale, size) + 1
    return price_wad if price_wad <= MAX_PRICE else 0


def _highest_notional(bound: int, maintenance: Schedule) -> int:
    """Return the highest notional N with ``N - m(N) <= bound``, rounded down."""
    tiers = zip(maintenance.rates_ppm, maintenance.deductions, strict=True)
    return max(floor_div((bound + 1) * PPM - 1 - deduction, PPM - rate) for rate, deduction in tiers)


def _lowest_notional(bound: int, maintenance: Schedule) -> int:
    """Return the lowest notional N with ``N + m(N) > bound``."""
    tiers = zip(maintenance.rates_ppm, maintenance.deductions, strict=True)
    return min(floor_div(bound * PPM + deduction, PPM + rate) + 1 for rate, deduction in tiers)

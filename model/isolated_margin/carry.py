"""Funding and borrowing, in one index per side.

The heavier side pays the lighter; the pool keeps what is left and never pays. An index is the
carry in assets per unit of size, times scale; it rounds up at every step. Source of the formulas:
docs/rules.md.
"""

from dataclasses import dataclass, replace

from isolated_margin.fixed import MAX_UINT256, WAD, ceil_div, int256, trunc_div, uint256, within
from isolated_margin.margin import Position, carry_owed
from isolated_margin.parameters import RiskParameters


@dataclass(frozen=True, slots=True)
class Carry:
    """The indices of both sides, with the time (seconds) and price (WAD) of the last accrual."""

    carry_long: int
    carry_short: int
    last_accrual: int
    last_price: int

    def __post_init__(self) -> None:
        int256(self.carry_long)
        int256(self.carry_short)
        uint256(self.last_accrual)
        uint256(self.last_price)

    def index_of(self, size: int) -> int:
        """Return the index of the side that a signed ``size`` is on."""
        return self.carry_long if int256(size) > 0 else self.carry_short


def funding_rate_wad(long_size: int, short_size: int, parameters: RiskParameters) -> int:
    """Return what longs pay shorts per second, scaled by WAD, rounded toward zero.

    Proportional to the skew of the book, and full at a skew of ``skew_scale`` or more.
    """
    skew_wad = trunc_div((uint256(long_size) - uint256(short_size)) * WAD, parameters.skew_scale)
    skew_wad = max(-WAD, min(skew_wad, WAD))
    return trunc_div(parameters.max_funding_rate_wad * skew_wad, WAD)


def accrue(
    carry: Carry, long_size: int, short_size: int, price_wad: int, timestamp: int, parameters: RiskParameters
) -> Carry:
    """Return the indices at ``timestamp``: the time since the last accrual, all at the price of then.

    ``price_wad`` is the price from here on; what is pending does not depend on it. Before the first
    accrual there is no price and no carry.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: ``timestamp`` is before the last accrual.
    """
    uint256(long_size), uint256(short_size), uint256(price_wad)
    seconds = within(timestamp, carry.last_accrual, MAX_UINT256) - carry.last_accrual
    if seconds == 0:
        return Carry(carry.carry_long, carry.carry_short, timestamp, price_wad)
    funding = funding_rate_wad(long_size, short_size, parameters)
    borrow = parameters.borrow_rate_wad
    weight = carry.last_price * seconds
    step_long = ceil_div((borrow + funding) * weight, WAD)
    step_short = ceil_div((borrow - funding) * weight, WAD)
    return Carry(carry.carry_long + step_long, carry.carry_short + step_short, timestamp, price_wad)


def settle(position: Position, carry_index: int, scale: int) -> Position:
    """Return the position with its carry moved into ``quote``; no token moves, equity stays.

    The carry owed rounds up.
    """
    if carry_index == position.carry_entry:
        return position
    quote = position.quote - carry_owed(position, carry_index, scale)
    return replace(position, carry_entry=carry_index, quote=quote)

"""What the pool is worth beside its traders, and what of it may leave. Source of the formulas: docs/rules.md.

Realising anything at the mark leaves the fair value as it is, but for roundings: so trading at one price and
time moves neither the price of a share nor what may be opened or withdrawn.
"""

from dataclasses import dataclass

from isolated_margin.book import Book, BookSide, SideValue, side_values
from isolated_margin.carry import Carry
from isolated_margin.fixed import MAX_INT256, PPM, ceil_div, int256, uint256, within
from isolated_margin.margin import notional
from isolated_margin.parameters import RiskParameters


@dataclass(frozen=True, slots=True)
class SideView:
    """The sums of a side as in its book, its ``carry_index``, its value (``pnl``, ``counted``, ``gap``), and
    whether it is ``due``: the pool is worth too little beside its notional, so that it may be deleveraged.
    """

    size: int
    quote: int
    margin: int
    basis: int
    carry_index: int
    pnl: int
    counted: int
    gap: int
    due: bool

    def __post_init__(self) -> None:
        within(self.size, 0, MAX_INT256)
        for amount in (self.margin, self.counted, self.gap):
            uint256(amount)
        for amount in (self.quote, self.basis, self.carry_index, self.pnl):
            int256(amount)


@dataclass(frozen=True, slots=True)
class Exposure:
    """``live``: liquidity may come and go: the feed has a price and no clock runs, or the market is
    ``settled``. ``fair_value``: the
    providers' assets if every side paid and got what it can; may be negative. ``unreserved``: the assets that
    withdrawals may take, rounded down. ``underwater``: the sides have losses that their margins can't pay,
    more than what entering costs on all that there is. ``liquidity_fee_ppm``: what entering and leaving cost.
    """

    live: bool
    fair_value: int
    unreserved: int
    underwater: bool
    liquidity_fee_ppm: int
    settled: bool = False

    def __post_init__(self) -> None:
        int256(self.fair_value)
        uint256(self.unreserved)
        uint256(self.liquidity_fee_ppm)

    @property
    def nav(self) -> int:
        """Return what the providers' shares are worth together, in assets."""
        return max(0, self.fair_value)


def fair_value(sides: tuple[SideValue, SideValue], pool_balance: int, total_owed: int) -> int:
    """Return the pool's assets less what is owed and due to each side, or plus what each side can pay."""
    return uint256(pool_balance) - uint256(total_owed) - sum(side.claim for side in sides)


def is_underwater(sides: tuple[SideValue, SideValue], fair: int, parameters: RiskParameters) -> bool:
    """Return whether what margins can't pay is more than the liquidity fee on the pool's worth."""
    gaps = sum(side.gap for side in sides)
    return gaps * PPM > parameters.liquidity_fee_ppm * max(0, int256(fair))


def is_due(side_notional: int, nav: int, parameters: RiskParameters) -> bool:
    """Return whether a pool worth ``nav`` is below the trigger share of a side's notional, in assets."""
    return uint256(nav) * PPM < parameters.adl_trigger_ppm * uint256(side_notional)


def side_view(
    side: BookSide,
    carry_index: int,
    value: SideValue,
    nav: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
) -> SideView:
    """Return a side as a view shows it, beside a pool worth ``nav``, at this price."""
    due = is_due(notional(side.size, price_wad, scale), nav, parameters)
    sums = side.size, side.quote, side.margin, side.basis
    return SideView(*sums, carry_index, value.pnl, value.counted, value.gap, due)


def unreserved(
    book: Book, fair: int, free: int, price_wad: int, scale: int, parameters: RiskParameters
) -> int:
    """Return the assets that withdrawals may take: what does not back the larger side, rounded down."""
    larger_side = notional(max(book.long.size, book.short.size), price_wad, scale)
    backing = ceil_div(larger_side * PPM, parameters.reserve_ppm)
    return max(0, min(int256(fair), uint256(free)) - backing)


def exposure(
    book: Book,
    carry: Carry,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    pool_balance: int,
    total_owed: int,
    live: bool,
    settled: bool = False,
) -> Exposure:
    """Return the exposure of a pool of ``pool_balance`` assets to this book, carry as given.

    Of a settled market all free assets may leave, once no position is left.
    """
    sides = side_values(book, carry, price_wad, scale)
    fair = fair_value(sides, pool_balance, total_owed)
    free = max(0, pool_balance - total_owed)
    most = unreserved(book, fair, free, price_wad, scale, parameters)
    if settled:
        most = free if book.is_empty else 0
    return Exposure(
        live=live,
        fair_value=fair,
        unreserved=most,
        underwater=is_underwater(sides, fair, parameters),
        liquidity_fee_ppm=parameters.liquidity_fee_ppm,
        settled=settled,
    )

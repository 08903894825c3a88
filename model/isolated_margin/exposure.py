"""What the traders mean for the pool: how much of it must stay. Source of the formulas: docs/rules.md."""

from dataclasses import dataclass

from isolated_margin.book import Book, net_trader_pnl
from isolated_margin.carry import Carry
from isolated_margin.fixed import PPM, ceil_div, int256, uint256
from isolated_margin.margin import notional
from isolated_margin.parameters import RiskParameters


@dataclass(frozen=True, slots=True)
class Exposure:
    """``live``: the feed answers. ``net_trader_pnl``: what traders would take if all closed, assets,
    rounded down. ``reserved``: the assets that withdrawals must leave, rounded up.
    ``liquidity_fee_ppm``: what entering and leaving cost. ``deleveraging``: profits may be realised by force.
    """

    live: bool
    net_trader_pnl: int
    total_owed: int
    reserved: int
    liquidity_fee_ppm: int
    deleveraging: bool

    def __post_init__(self) -> None:
        int256(self.net_trader_pnl)
        uint256(self.total_owed)
        uint256(self.reserved)
        uint256(self.liquidity_fee_ppm)


def is_deleveraging(net_pnl: int, free: int, parameters: RiskParameters) -> bool:
    """Return whether traders' net profit is above the trigger share of the pool's free assets."""
    return int256(net_pnl) * PPM > parameters.adl_trigger_ppm * uint256(free)


def reserved(
    book: Book, net_pnl: int, total_owed: int, price_wad: int, scale: int, parameters: RiskParameters
) -> int:
    """Return the assets that withdrawals must leave in the pool, each part rounded up.

    What is owed, and the larger of: what backs the larger side, what keeps deleveraging untriggered.
    """
    int256(net_pnl), uint256(total_owed)
    larger_side = notional(max(book.long_size, book.short_size), price_wad, scale)
    backing = ceil_div(larger_side * PPM, parameters.reserve_ppm)
    profit = ceil_div(max(0, net_pnl) * PPM, parameters.adl_trigger_ppm)
    return total_owed + max(backing, profit)


def exposure(
    book: Book,
    carry: Carry,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    pool_balance: int,
    total_owed: int,
    live: bool,
) -> Exposure:
    """Return the exposure of a pool of ``pool_balance`` assets to this book, carry as given."""
    uint256(pool_balance), uint256(total_owed)
    net_pnl = net_trader_pnl(book, carry, price_wad, scale)
    free = max(0, pool_balance - total_owed)
    return Exposure(
        live=live,
        net_trader_pnl=net_pnl,
        total_owed=total_owed,
        reserved=reserved(book, net_pnl, total_owed, price_wad, scale, parameters),
        liquidity_fee_ppm=parameters.liquidity_fee_ppm,
        deleveraging=is_deleveraging(net_pnl, free, parameters),
    )

"""A market to run a scenario in, and a seeded book of positions for it.

The market is of the kind that large venues run for a volatile coin: 20x at most, less for larger positions, a
collateral of 6 decimals. Sizes follow from the first price, so that any coin gives the same book in money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from isolated_margin.errors import OutOfDomain
from isolated_margin.fixed import MAX_PRICE, MAX_SIZE, PPM, ceil_div, floor_div, int256, uint256
from isolated_margin.margin import notional, scale_of
from isolated_margin.parameters import RiskParameters, Tier

COLLATERAL_DECIMALS: Final = 6
FEED_DECIMALS: Final = 18
TOKEN: Final = 10**COLLATERAL_DECIMALS

MIN_ORDER: Final = 200 * TOKEN  # assets of notional
MAX_ORDER: Final = 60_000 * TOKEN
LONGS_PPM: Final = 600_000  # a bull market's book: three in five are long
POOL_PPM: Final = 250_000  # the pool, as a share of the book's notional
INSURANCE_PPM: Final = 2_000  # the insurance fund, as a share of the book's notional


@dataclass(frozen=True, slots=True)
class Order:
    """A position to open: ``size`` signed, 18 decimals; ``margin`` in assets, the trading fee included."""

    owner: str
    size: int
    margin: int

    def __post_init__(self) -> None:
        int256(self.size), uint256(self.margin)


@dataclass(frozen=True, slots=True)
class Start:
    """What a scenario starts from: the orders, and what the providers put up; assets."""

    orders: tuple[Order, ...]
    pool_assets: int
    insurance_assets: int

    def __post_init__(self) -> None:
        uint256(self.pool_assets), uint256(self.insurance_assets)


def usual_parameters(price_wad: int) -> RiskParameters:
    """Return the terms of the scenario's market, sizes scaled to its first price (WAD)."""
    ten_million = min(MAX_SIZE, size_of(10_000_000 * TOKEN, price_wad))
    return RiskParameters(
        tiers=(
            Tier(0, 50_000, 25_000),
            Tier(20_000 * TOKEN, 100_000, 50_000),
            Tier(100_000 * TOKEN, 200_000, 100_000),
        ),
        trading_fee_ppm=500,
        insurance_share_ppm=200_000,
        liquidation_fee_ppm=10_000,
        liquidator_share_ppm=250_000,
        buffer_ppm=200_000,
        min_notional=100 * TOKEN,
        max_open_interest=min(MAX_SIZE, 100 * ten_million),
        reserve_ppm=4_000_000,
        oi_scale_ppm=0,
        skew_scale=ten_million,
        max_funding_rate_wad=100_000_000_000,  # 0.864 % a day
        borrow_rate_wad=3_000_000_000,  # 9.5 % a year
        adl_trigger_ppm=100_000,
        adl_target_ppm=150_000,
        liquidity_fee_ppm=0,
        max_price_age=86_400,
        settle_after=604_800,
    )


def seeded_book(
    seed: int, positions: int, owners: Sequence[str], price_wad: int, parameters: RiskParameters
) -> Start:
    """Return a book of ``positions`` orders, dealt in turn to as many owners as can have four each.

    The seed decides all else. Notionals are small, middling or large; leverage is drawn evenly from 1x to
    the first tier's cap, in tenths. Each margin covers the trading fee and the initial margin, so that an
    order is refused only for want of room.

    Raises:
        NotAnInteger, OutOfDomain: ``seed`` is no ``uint256``, ``positions`` is 0 or none, or the price is
            outside of the domain, or so low that an order would need more than the largest size.
    """
    random = Random(uint256(seed))
    if uint256(positions) == 0:
        raise OutOfDomain(positions)
    if not 0 < uint256(price_wad) <= MAX_PRICE or size_of(MAX_ORDER, price_wad) > MAX_SIZE:
        raise OutOfDomain(price_wad)
    owners = owners[: max(1, positions // 4)]
    sides = {True: 0, False: 0}
    orders = tuple(
        _order(random, owners[index % len(owners)], price_wad, parameters, sides)
        for index in range(positions)
    )
    scale = scale_of(COLLATERAL_DECIMALS)
    total = sum(notional(order.size, price_wad, scale) for order in orders)
    return Start(orders, ceil_div(total * POOL_PPM, PPM), ceil_div(total * INSURANCE_PPM, PPM))


def size_of(assets: int, price_wad: int) -> int:
    """Return the size that ``assets`` of notional buy at the price, 18 decimals, rounded down."""
    return floor_div(uint256(assets) * scale_of(COLLATERAL_DECIMALS), price_wad)


def _order(
    random: Random, owner: str, price_wad: int, parameters: RiskParameters, sides: dict[bool, int]
) -> Order:
    """Return an order, and add its size to that of its side: ``sides[True]`` are the longs."""
    size = size_of(max(_notional(random), parameters.min_notional), price_wad)
    worth = notional(size, price_wad, scale_of(COLLATERAL_DECIMALS))
    leverage_tenths = random.randint(10, 10 * PPM // parameters.tiers[0].initial_rate_ppm)
    is_long = random.randrange(PPM) < LONGS_PPM
    sides[is_long] += size
    fee = ceil_div(worth * parameters.trading_fee_ppm, PPM)
    required = parameters.initial_margin(worth, parameters.rate_bp(sides[is_long]))
    backing = max(ceil_div(worth * 10, leverage_tenths), required)
    return Order(owner, size if is_long else -size, backing + fee + 1)  # opening may round the pnl down to -1


def _notional(random: Random) -> int:
    magnitude = random.choice((MIN_ORDER, 10 * MIN_ORDER, 50 * MIN_ORDER))
    return random.randint(magnitude, 6 * magnitude)

"""Where something stops being possible. Sizes have 18 decimals, the rest are assets, shares or WAD prices."""

from isolated_margin.fixed import MAX_ASSETS, MAX_PRICE, MAX_SIZE, PPM, ceil_div, floor_div
from isolated_margin.margin import pnl
from isolated_margin.trade import cost, trading_fee

from ringfence.vaults.isolated_margin.rules.points.scene import Scene

BEYOND_THE_DOMAIN = 2 * MAX_SIZE

# Sizes of a position or a side


def smallest_size(scene: Scene) -> int:
    """Return the least size whose notional is the smallest allowed."""
    return size_worth(scene, scene.parameters.min_notional - 1) + 1


def size_worth(scene: Scene, assets: int) -> int:
    """Return the largest size whose notional is at most ``assets``; a little beyond the domain at most."""
    return min(assets * scene.scale // scene.price_wad, BEYOND_THE_DOMAIN)


def floor_of(scene: Scene, tier: int) -> int:
    """Return the notional floor of a tier; where there are fewer, twice the smallest notional."""
    floors = scene.parameters.maintenance.floors
    return floors[tier] if tier < len(floors) else 2 * scene.parameters.min_notional


def open_interest_left(scene: Scene, side: int) -> int:
    """Return the size by which a side may still grow."""
    return scene.parameters.max_open_interest - scene.vault.book.side_size(side)


def liquidity_left(scene: Scene, side: int) -> int:
    """Return the size by which a side may still grow before the pool's free assets back it no more."""
    largest = scene.free * scene.parameters.reserve_ppm // PPM
    return size_worth(scene, largest) - scene.vault.book.side_size(side)


def room(scene: Scene, side: int) -> int:
    """Return the size by which a side may still grow, worth no more than a quarter of a first wallet.

    At least ten times the smallest size, whether there is room for it or not.
    """
    payable = size_worth(scene, scene.setup.tokens // 4)
    left = min(open_interest_left(scene, side), liquidity_left(scene, side), payable)
    return max(left, 10 * smallest_size(scene))


# Margins of a trade


def fee_missing(scene: Scene, position: int, traded: int) -> int:
    """Return what must be brought to pay the fee on trading a signed size."""
    return max(0, fee(scene, traded) - scene.margin(position))


def margin_needed(scene: Scene, position: int, traded: int) -> int:
    """Return what must be brought so that a position (0: a new one) may trade a signed size."""
    settled = scene.settled(position)
    size = settled.size + traded
    if abs(size) > MAX_SIZE:
        return MAX_ASSETS
    quote = settled.quote - cost(traded, scene.price_wad, scene.scale)
    loss = min(0, floor_div(size * scene.price_wad, scene.scale) + quote)
    required = scene.parameters.initial_margin(scene.notional(size))
    return max(0, required + fee(scene, traded) - loss - settled.margin)


def fee(scene: Scene, traded: int) -> int:
    """Return the trading fee on a signed size; no more than there are assets."""
    return min(trading_fee(traded, scene.price_wad, scene.scale, scene.parameters), MAX_ASSETS)


# Pool and insurance


def depositable(scene: Scene, account: str) -> int:
    """Return what an account may deposit of what it has; all of it while deposits are closed."""
    return min(scene.wallet(account), scene.pool.max_deposit(account) or MAX_ASSETS)


def mintable(scene: Scene, account: str) -> int:
    """Return the shares that an account can pay; all there are while deposits are closed."""
    if scene.pool.max_deposit(account) == 0:
        return scene.pool.total_supply
    return scene.pool.preview_deposit(depositable(scene, account))


def assets_missing_to_trigger(scene: Scene) -> int:
    """Return what the pool must be given so that deleveraging ends."""
    owed = scene.vault.total_owed
    free_needed = ceil_div(max(0, scene.net_trader_pnl) * PPM, scene.parameters.adl_trigger_ppm)
    return max(0, owed + free_needed - scene.pool.balance())


def trigger_price(scene: Scene) -> int:
    """Return the first price at which deleveraging is triggered; the present one for a book without skew."""
    book = scene.vault.book
    skew = book.long_size - book.short_size
    if skew == 0:
        return scene.price_wad
    first_profit = scene.parameters.adl_trigger_ppm * scene.free // PPM + 1
    value = first_profit - scene.net_trader_pnl + floor_div(skew * scene.price_wad, scene.scale)
    first = ceil_div(value * scene.scale, skew) if skew > 0 else floor_div(-value * scene.scale, -skew)
    return max(1, min(first, MAX_PRICE))


def uninsured(scene: Scene, position: int) -> int:
    """Return what insurance lacks for a position's deficit; where it lacks nothing, the smallest notional."""
    settled = scene.settled(position)
    deficit = -settled.margin - pnl(settled, scene.price_wad, settled.carry_entry, scene.scale)
    missing = deficit - scene.vault.insurance
    return missing if missing > 0 else scene.parameters.min_notional


def shortfall(scene: Scene, position: int) -> int:
    """Return what a position lacks of maintenance margin; where it lacks nothing, the smallest notional."""
    slack = scene.slack(position)
    return -slack if slack < 0 else scene.parameters.min_notional

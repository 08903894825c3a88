"""Where something stops being possible: sizes of 18 decimals, assets, shares, answers of the feed.

A limit of a side is that of the draft's. A negative one means that nothing is possible.
"""

from collections.abc import Callable
from typing import Final

from isolated_margin.errors import AmountTooLarge
from isolated_margin.fixed import MAX_ASSETS, MAX_PRICE, MAX_SIZE, MAX_UINT256, PPM, ceil_div, floor_div
from isolated_margin.levels import bankruptcy_price, margin_call_price
from isolated_margin.liquidation import held_back, liquidate
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import Position, pnl
from isolated_margin.trade import cost, trading_fee

from ringfence.vaults.isolated_margin.rules.boundary import Boundary, Draft
from ringfence.vaults.isolated_margin.rules.subjects import Which, Who
from ringfence.vaults.isolated_margin.rules.view import StateView

BEYOND_THE_DOMAIN: Final = 2 * MAX_SIZE

# Sizes


def _size_worth(view: StateView, assets: int) -> int:
    """Return the largest size whose notional is at most ``assets``; a little beyond the domain at most."""
    return min(assets * view.scale // view.price_wad, BEYOND_THE_DOMAIN)


def _smallest(view: StateView) -> int:
    """Return the least size whose notional is the smallest allowed."""
    return _size_worth(view, view.parameters.min_notional - 1) + 1


def _up_to_floor(draft: Draft, tier: int) -> int:
    """Return what the position can grow by up to a tier's floor, or else to twice the smallest notional."""
    floors = draft.view.parameters.maintenance.floors
    floor = floors[tier] if tier < len(floors) else 2 * draft.view.parameters.min_notional
    return _size_worth(draft.view, floor) - draft.held


def _open_interest(draft: Draft) -> int:
    return draft.view.parameters.max_open_interest - draft.view.vault.book.side_of(draft.side).size


def _liquidity(draft: Draft) -> int:
    view = draft.view
    largest = view.nav * view.parameters.reserve_ppm // PPM
    return _size_worth(view, largest) - view.vault.book.side_of(draft.side).size


def _room(draft: Draft) -> int:
    payable = _size_worth(draft.view, draft.view.setup.tokens // 4)
    left = min(_open_interest(draft), _liquidity(draft), payable)
    return max(left, 10 * _smallest(draft.view))


class SizeLimit:
    """Where the size of a position or of its side changes what is required or refused."""

    SMALLEST = Boundary(lambda draft: _smallest(draft.view) - draft.held)  # of the smallest notional
    FIRST_FLOOR = Boundary(lambda draft: _up_to_floor(draft, 1))  # largest before the second tier
    SECOND_FLOOR = Boundary(lambda draft: _up_to_floor(draft, 2))  # largest before the third tier
    OPEN_INTEREST = Boundary(_open_interest)  # what the side may still grow by
    LIQUIDITY = Boundary(_liquidity)  # what the pool's free assets can still back
    # what the side may still grow by, worth at most a quarter of a first wallet; at least ten of the smallest
    ROOM = Boundary(_room)
    DOMAIN = Boundary(lambda _: MAX_SIZE)  # the largest size of all
    WHOLE = Boundary(lambda draft: draft.held)  # to close
    SPARE = Boundary(lambda draft: draft.held - _smallest(draft.view))  # to take off a position that stays


# Margins


def _fee(draft: Draft) -> int:
    """Return the trading fee on the size; no more than there are assets."""
    view = draft.view
    return min(trading_fee(draft.traded, view.price_wad, view.scale, view.parameters), MAX_ASSETS)


def _needed(draft: Draft) -> int:
    view, traded = draft.view, draft.traded
    settled = view.settled(draft.position)
    size = settled.size + traded
    if abs(size) > MAX_SIZE:
        return MAX_ASSETS
    quote = settled.quote - cost(traded, view.price_wad, view.scale)
    loss = min(0, floor_div(size * view.price_wad, view.scale) + quote)
    side = view.vault.book.side_of(draft.side).size + abs(traded)
    required = view.parameters.initial_margin(view.notional(size), view.parameters.rate_bp(side))
    return required + _fee(draft) - loss - settled.margin


def _removable(draft: Draft) -> int:
    view, position = draft.view, draft.position
    held = view.settled(position)
    required = view.parameters.initial_margin(view.notional(held.size), held.rate_bp)
    return held.margin + min(0, view.pnl(position)) - required


def _shortfall(draft: Draft) -> int:
    slack = draft.view.slack(draft.position)
    return -slack if slack < 0 else draft.view.parameters.min_notional


def _uninsured(draft: Draft) -> int:
    view = draft.view
    settled = view.settled(Which.WORST.of(draft))
    market = view.price_wad, view.scale, view.parameters
    if settled.margin + pnl(settled, view.price_wad, settled.carry_entry, view.scale) >= 0:
        return view.parameters.min_notional
    own, other = view.vault.book.sizes(settled.size)
    _, moved = liquidate(settled, *market, view.pool.balance(), MAX_ASSETS, (own, other))
    held = held_back((own - moved.fill.size_closed, other), *market)
    missing = moved.reward_from_insurance + moved.covered + held - view.vault.insurance
    return missing if missing > 0 else view.parameters.min_notional


class MarginLimit:
    """Where margin changes the answer, in assets."""

    NEEDED = Boundary(_needed)  # the least with which the trade passes
    FEE = Boundary(lambda draft: _fee(draft) - draft.view.margin(draft.position))  # what its fee lacks
    WHOLE = Boundary(lambda draft: draft.view.margin(draft.position))
    REMOVABLE = Boundary(_removable)  # what the position can do without
    # what the position lacks of maintenance margin; where it lacks nothing, the smallest notional
    SHORTFALL = Boundary(_shortfall)
    # what insurance lacks for the worst position; where it lacks nothing, the smallest notional
    UNINSURED = Boundary(_uninsured)


# Wallets and the pool


def _depositable(draft: Draft) -> int:
    account = draft.values["account"]
    return min(draft.view.wallet(account), draft.view.pool.max_deposit(account) or MAX_ASSETS)


def _mintable(draft: Draft) -> int:
    pool = draft.view.pool
    if pool.max_deposit(draft.values["account"]) == 0:
        return pool.total_supply
    return pool.preview_deposit(_depositable(draft))


def _missing_to_trigger(draft: Draft) -> int:
    view, book = draft.view, draft.view.vault.book
    larger = view.notional(max(book.long.size, book.short.size))
    return ceil_div(larger * view.parameters.adl_trigger_ppm, PPM) - view.fair_value


class FundsLimit:
    """What there is to be moved: assets, or shares of the pool."""

    WALLET = Boundary(lambda draft: draft.view.wallet(draft.values["account"]))
    POOL = Boundary(lambda draft: draft.view.pool.balance())
    DEPOSITABLE = Boundary(_depositable)  # while deposits are closed, all of the wallet
    MINTABLE = Boundary(_mintable)  # while deposits are closed, all shares there are
    WITHDRAWABLE = Boundary(lambda draft: draft.view.pool.max_withdraw(draft.values["owner"]))
    REDEEMABLE = Boundary(lambda draft: draft.view.pool.max_redeem(draft.values["owner"]))
    SHARES = Boundary(lambda draft: draft.view.pool.balance_of(Who.SIGNED_FOR.of(draft)))
    MISSING_TO_TRIGGER = Boundary(_missing_to_trigger)  # what the pool must be given to end deleveraging


# What liquidity is exchanged for


def _previewed(view: str, amount: str) -> Boundary:
    """Return what a view of the pool makes of an amount; what no word is sure to hold, 0."""

    def formula(draft: Draft) -> int:
        try:
            previewed: int = getattr(draft.view.pool, view)(draft.values[amount])
        except AmountTooLarge:
            return 0
        return min(previewed, MAX_UINT256 - 1)

    return Boundary(formula)


class ExchangeLimit:
    """What the pool gives, or takes, for what the account brings or asks for."""

    SHARES_MINTED = _previewed("preview_deposit", "assets")
    ASSETS_TAKEN = _previewed("preview_mint", "shares")
    SHARES_BURNED = _previewed("preview_withdraw", "assets")
    ASSETS_PAID = _previewed("preview_redeem", "shares")


# Prices


def _trigger(draft: Draft) -> int:
    """Solve worth of the pool = trigger's part of the larger side's notional; both are straight lines."""
    view, book = draft.view, draft.view.vault.book
    skew, trigger_ppm = book.long.size - book.short.size, view.parameters.adl_trigger_ppm
    worth = (view.fair_value * view.scale + skew * view.price_wad) * PPM  # of the pool, at a price of nothing
    slope = skew * PPM + trigger_ppm * (book.long.size if skew > 0 else book.short.size)
    if skew == 0 or slope == 0:
        return view.answer_at(view.price_wad)
    price = floor_div(worth, slope) + 1 if slope > 0 else ceil_div(-worth, -slope) - 1
    return view.answer_at(max(1, min(price, MAX_PRICE)))


def _level(price_of: Callable[[Position, StateView], int]) -> Boundary:
    """Return the answer at a position's price, the present one where it has none."""

    def answer(draft: Draft) -> int:
        view = draft.view
        settled = view.settled(draft.position)
        return view.answer_at((settled.size and price_of(settled, view)) or view.price_wad)

    return Boundary(answer)


class Level:
    """What the feed answers, in its own decimals, where something changes."""

    LAST = Boundary(lambda draft: draft.view.answer)  # whatever it means
    PRESENT = Boundary(lambda draft: draft.view.answer_at(draft.view.price_wad))
    FIRST = Boundary(lambda draft: draft.view.setup.answer)
    HIGHEST = Boundary(lambda draft: draft.view.answer_at(MAX_PRICE))
    TRIGGER = Boundary(
        _trigger
    )  # the first at which deleveraging is; the present one for a book without skew
    LIQUIDATION = _level(lambda settled, view: liquidation_price(settled, view.scale, view.parameters))
    BANKRUPTCY = _level(lambda settled, view: bankruptcy_price(settled, view.scale))
    MARGIN_CALL = _level(lambda settled, view: margin_call_price(settled, view.scale, view.parameters))


class TradePrice:
    """What a trade accepts, WAD."""

    ANY = Boundary(lambda draft: MAX_UINT256 if draft.buys else 0)
    PRESENT = Boundary(lambda draft: draft.view.price_wad)
    MISSED = Boundary(lambda draft: draft.view.price_wad + (-1 if draft.buys else 1))  # by one unit


class TimeLimit:
    """Times and ages in seconds, and what comes next."""

    NOW = Boundary(lambda draft: draft.view.now)  # the action's block
    OLDEST_AGE = Boundary(lambda draft: draft.view.parameters.max_price_age)  # of a price that is good
    SETTLE_AFTER = Boundary(lambda draft: draft.view.parameters.settle_after)  # of a dead feed
    NEXT_NONCE = Boundary(lambda draft: draft.view.vault.nonces(draft.values["owner"]))  # of a permission

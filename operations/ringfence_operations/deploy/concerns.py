"""What a risk analyst would ask about before a market is deployed; none of it is refused by the vault."""

from collections.abc import Iterator
from typing import Final

from isolated_margin.fixed import PPM
from isolated_margin.margin import notional, scale_of
from ringfence.vaults.isolated_margin.market_file import NOBODY, MarketFile

SAFE_MOVE_PPM: Final = 10_000  # against a position of the highest leverage, before it is liquidated
DEVIATIONS: Final = 2  # jumps of the feed that the margin below liquidation should survive
HEARTBEATS: Final = 3  # without an answer, until a price should be taken for dead


def concerns(market: MarketFile, price_wad: int) -> tuple[str, ...]:
    """Return what is questionable about a market at a price, a sentence each."""
    parts = (_leverage(market), _feed(market), _pool(market, price_wad), _carry(market), _roles(market))
    return tuple(sentence for part in parts for sentence in part)


def percent(ppm: int) -> str:
    """Return a share as people write it."""
    return f"{ppm / 10_000:g} %"


def _leverage(market: MarketFile) -> Iterator[str]:
    """Leverage against fee, buffer and liquidation fee."""
    terms = market.parameters
    first = terms.tiers[0]
    room = first.initial_rate_ppm - first.maintenance_rate_ppm
    if room < SAFE_MOVE_PPM:
        yield (
            f"a position opened at {PPM / first.initial_rate_ppm:g}x is liquidated by a move of "
            f"{percent(room)} against it"
        )
    if 2 * terms.trading_fee_ppm > room:
        yield (
            f"opening and closing costs {percent(2 * terms.trading_fee_ppm)}, more than the "
            f"{percent(room)} between initial and maintenance margin"
        )
    target = first.maintenance_rate_ppm * (PPM + terms.buffer_ppm) // PPM
    if target > first.initial_rate_ppm:
        yield (
            f"a partial liquidation leaves a margin of {percent(target)}, above the initial "
            f"{percent(first.initial_rate_ppm)}: it closes more than a trader would have to"
        )
    if not terms.insurance_share_ppm:
        yield "no part of the trading fee goes to insurance: it grows by liquidations and gifts alone"


def _feed(market: MarketFile) -> Iterator[str]:
    """The feed's age and jumps against heartbeat and margin."""
    terms, age = market.parameters, market.parameters.max_price_age
    if age < market.heartbeat:
        yield (
            f"max_price_age is {age} s and the feed may stay silent for {market.heartbeat} s: between its "
            "answers nothing can be opened, closed or liquidated"
        )
    elif age > HEARTBEATS * market.heartbeat:
        yield (
            f"max_price_age is {age} s, over {HEARTBEATS} heartbeats of {market.heartbeat} s: a dead feed's "
            "price is traded on for that long"
        )
    first = terms.tiers[0]
    cushion = first.maintenance_rate_ppm - terms.liquidation_fee_ppm
    if DEVIATIONS * market.deviation_ppm > cushion:
        yield (
            f"{DEVIATIONS} jumps of the feed by {percent(market.deviation_ppm)} are more than the "
            f"{percent(cushion)} of margin left after the liquidation fee: insurance and pool pay the rest"
        )


def _pool(market: MarketFile, price_wad: int) -> Iterator[str]:
    """The planned pool against the caps that bind before it is empty."""
    terms, liquidity = market.parameters, market.planned_liquidity
    worth = notional(terms.max_open_interest, price_wad, scale_of(market.collateral.decimals))
    reserved = liquidity * terms.reserve_ppm // PPM
    unit = 10**market.collateral.decimals
    if worth > reserved:
        yield (
            f"max_open_interest is {worth / unit:,.0f} tokens a side at this price, and a pool of "
            f"{liquidity / unit:,.0f} lets no more than {reserved / unit:,.0f} be opened: the cap never binds"
        )
    side = min(worth, reserved)
    trigger = liquidity * terms.adl_trigger_ppm // PPM
    if side and trigger * PPM // side < terms.tiers[0].initial_rate_ppm:
        yield (
            f"a full side wins {trigger / unit:,.0f} tokens, where deleveraging starts, by a move of "
            f"{percent(trigger * PPM // side)}: less than the smallest initial margin"
        )
    if terms.min_notional > side:
        yield "no position can be opened: min_notional is above what one side may hold"
    for index, tier in enumerate(terms.tiers):
        if tier.notional_floor >= side > 0 and index:
            floor = tier.notional_floor / unit
            yield f"tier {index + 1} begins at {floor:,.0f} tokens, which no side can hold"


def _carry(market: MarketFile) -> Iterator[str]:
    terms = market.parameters
    if terms.max_funding_rate_wad and terms.skew_scale > terms.max_open_interest:
        highest = terms.max_open_interest * PPM // terms.skew_scale
        yield f"skew_scale is above max_open_interest: funding gets to {percent(highest)} of its most"
    if not terms.max_funding_rate_wad and not terms.borrow_rate_wad:
        yield "there is neither funding nor borrowing: a lopsided book costs its traders nothing"


def _roles(market: MarketFile) -> Iterator[str]:
    if market.owner == market.guardian:
        yield "owner and guardian are one account: losing it loses both"
    if market.guardian == NOBODY:
        yield "there is no guardian: only the owner can pause"

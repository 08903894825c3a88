"""What a risk analyst would ask about before a market is deployed; none of it is refused by the vault."""

from collections.abc import Iterator
from typing import Final

from isolated_margin.fixed import PPM, WAD, ceil_div
from isolated_margin.margin import notional, scale_of
from ringfence.vaults.isolated_margin.market_file import NOBODY, MarketFile

from ringfence_operations.sending.fees import GWEI

SAFE_MOVE_PPM: Final = 10_000  # against a position of the highest leverage, before it is liquidated
DEVIATIONS: Final = 2  # jumps of the feed that the margin below liquidation should survive
HEARTBEATS: Final = 3  # without an answer, until a price should be taken for dead
LIQUIDATION_GAS: Final = 130_000  # of a whole one, which tests/gas/snapshot.json is held to


def concerns(market: MarketFile, price_wad: int) -> tuple[str, ...]:
    """Return what is questionable about a market at a price, a sentence each."""
    parts = (
        *(_leverage(market), _feed(market), _jumps(market), _smallest(market)),
        *(_pool(market, price_wad), _carry(market), _roles(market)),
    )
    return tuple(sentence for part in parts for sentence in part)


def percent(ppm: float) -> str:
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
    if age <= market.heartbeat:
        yield (
            f"max_price_age is {age} s and the feed may stay silent for {market.heartbeat} s: between its "
            "answers nothing can be opened, closed or liquidated; raise max_price_age above the heartbeat"
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


def _jumps(market: MarketFile) -> Iterator[str]:
    """What the feed's jumps and moves are worth to those who know the next, against fees and buffer."""
    terms, jump = market.parameters, market.deviation_ppm
    if 2 * terms.trading_fee_ppm < jump:
        yield (
            f"opening and closing costs {percent(2 * terms.trading_fee_ppm)}, less than a jump of the feed "
            f"by {percent(jump)}: who knows the next answer gains; raise trading_fee to "
            f"{percent(ceil_div(jump, 2))}"
        )
    gain = jump * market.expected_skew_ppm / PPM
    if 2 * terms.liquidity_fee_ppm < gain:
        yield (
            f"coming and going costs a provider {percent(2 * terms.liquidity_fee_ppm)}, less than the "
            f"{percent(gain)} of the pool that a jump of the feed moves at the expected skew; raise "
            f"liquidity_fee to {percent(ceil_div(jump * market.expected_skew_ppm, 2 * PPM))}"
        )
    rate_ppm = terms.tiers[0].maintenance_rate_ppm
    buffer = rate_ppm * terms.buffer_ppm / PPM
    if buffer < market.usual_move_ppm:
        yield (
            f"a partial liquidation leaves {percent(buffer)} of notional above maintenance margin, less than "
            f"the {percent(market.usual_move_ppm)} that the price usually moves within a heartbeat: the next "
            f"one follows; raise buffer to {percent(ceil_div(market.usual_move_ppm * PPM, rate_ppm))}"
        )


def _smallest(market: MarketFile) -> Iterator[str]:
    """What liquidating the smallest position pays, against its gas."""
    terms, unit = market.parameters, 10**market.collateral.decimals
    share_ppm = terms.liquidation_fee_ppm * terms.liquidator_share_ppm
    reward = terms.min_notional * share_ppm // PPM**2
    cost = ceil_div(LIQUIDATION_GAS * market.gas_price * market.native_price, WAD)
    if reward < cost:
        yield (
            f"liquidating the smallest position pays {reward / unit:,.6g} tokens, less than the "
            f"{cost / unit:,.6g} that its {LIQUIDATION_GAS:,} gas costs at {market.gas_price / GWEI:g} gwei; "
            f"raise min_notional to {ceil_div(cost * PPM**2, share_ppm) / unit:,.6g} tokens"
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
    room = liquidity - side * terms.adl_trigger_ppm // PPM
    if side and room * PPM // side < terms.tiers[0].initial_rate_ppm:
        yield (
            f"a full side wins {room / unit:,.0f} tokens, where deleveraging starts, by a move of "
            f"{percent(room * PPM // side)}: less than the smallest initial margin"
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

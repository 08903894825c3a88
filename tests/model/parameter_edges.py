"""Every bound of every risk parameter, at its edge and one beyond: what is changed, and what that breaks."""

from dataclasses import replace
from typing import Any, Final

from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, PPM
from isolated_margin.parameters import RiskParameters, Tier

from tests.model.worlds import PARAMETERS, UNIT

FIRST, SECOND, _ = PARAMETERS.tiers
HUGE: Final = 2**256 - 1


def tiers(*all_tiers: Tier) -> dict[str, Any]:
    """Return a change to these tiers."""
    return {"tiers": all_tiers}


EDGES: Final[list[tuple[str | None, dict[str, Any]]]] = [
    (None, {}),
    ("tiers", tiers()),
    (None, tiers(FIRST)),
    (None, tiers(*[replace(FIRST, notional_floor=floor) for floor in range(8)])),
    ("tiers", tiers(*[replace(FIRST, notional_floor=floor) for floor in range(9)])),
    ("tiers", tiers(*[FIRST] * 9)),
    ("notionalFloor", tiers(replace(FIRST, notional_floor=1))),
    ("notionalFloor", tiers(FIRST, replace(SECOND, notional_floor=0))),
    ("notionalFloor", tiers(FIRST, SECOND, SECOND)),
    ("notionalFloor", tiers(replace(FIRST, notional_floor=1, maintenance_rate_ppm=0))),  # the first fault
    (None, tiers(FIRST, replace(SECOND, notional_floor=MAX_ASSETS))),
    ("notionalFloor", tiers(FIRST, replace(SECOND, notional_floor=MAX_ASSETS + 1))),
    ("notionalFloor", tiers(FIRST, replace(SECOND, notional_floor=HUGE))),
    ("maintenanceRatePpm", tiers(replace(FIRST, maintenance_rate_ppm=0))),
    ("maintenanceRatePpm", tiers(FIRST, replace(SECOND, maintenance_rate_ppm=49_999))),
    (None, tiers(FIRST, replace(SECOND, maintenance_rate_ppm=50_000))),
    ("initialRatePpm", tiers(FIRST, replace(SECOND, initial_rate_ppm=99_999, maintenance_rate_ppm=50_000))),
    (None, tiers(FIRST, replace(SECOND, initial_rate_ppm=100_000, maintenance_rate_ppm=50_000))),
    ("initialRatePpm", tiers(replace(FIRST, initial_rate_ppm=50_000))),
    (None, tiers(replace(FIRST, initial_rate_ppm=80_000))),
    (None, tiers(replace(FIRST, initial_rate_ppm=PPM))),
    ("initialRatePpm", tiers(replace(FIRST, initial_rate_ppm=PPM + 1))),
    ("initialRatePpm", tiers(replace(FIRST, initial_rate_ppm=HUGE))),
    ("initialRatePpm", tiers(replace(FIRST, maintenance_rate_ppm=HUGE))),
    ("tradingFeePpm", {"trading_fee_ppm": 0}),
    (None, {"trading_fee_ppm": 1}),
    (None, {"trading_fee_ppm": 49_999}),
    ("tradingFeePpm", {"trading_fee_ppm": 50_000}),
    ("tradingFeePpm", {"trading_fee_ppm": HUGE}),
    (None, {"insurance_share_ppm": 0}),
    (None, {"insurance_share_ppm": PPM}),
    ("insuranceSharePpm", {"insurance_share_ppm": PPM + 1}),
    ("liquidationFeePpm", {"liquidation_fee_ppm": 0}),
    (None, {"liquidation_fee_ppm": 1}),
    (None, {"liquidation_fee_ppm": 49_999}),
    ("liquidationFeePpm", {"liquidation_fee_ppm": 50_000}),
    ("liquidationFeePpm", {"liquidation_fee_ppm": HUGE}),
    ("liquidatorSharePpm", {"liquidator_share_ppm": 0}),
    (None, {"liquidator_share_ppm": 1}),
    (None, {"liquidator_share_ppm": PPM}),
    ("liquidatorSharePpm", {"liquidator_share_ppm": PPM + 1}),
    ("liquidatorSharePpm", {"liquidator_share_ppm": HUGE}),
    (None, {"liquidation_fee_ppm": 49_999, "liquidator_share_ppm": PPM}),
    ("bufferPpm", {"buffer_ppm": 0}),
    (None, {"buffer_ppm": 1}),
    (None, {"buffer_ppm": PPM}),
    ("bufferPpm", {"buffer_ppm": PPM + 1}),
    ("minNotional", {"min_notional": 0}),
    ("minNotional", {"min_notional": 19_980}),
    (None, {"min_notional": 19_981}),
    (None, {"min_notional": MAX_ASSETS}),
    ("minNotional", {"min_notional": MAX_ASSETS + 1}),
    ("minNotional", {"min_notional": HUGE}),
    ("maxOpenInterest", {"max_open_interest": 0}),
    (None, {"max_open_interest": 1}),
    (None, {"max_open_interest": MAX_SIZE, "skew_scale": MAX_SIZE // 1_000}),
    ("maxOpenInterest", {"max_open_interest": MAX_SIZE + 1}),
    ("reservePpm", {"reserve_ppm": 0}),
    (None, {"reserve_ppm": 1}),
    (None, {"reserve_ppm": 6_666_666}),
    ("reservePpm", {"reserve_ppm": 10**8 + 1}),
    (None, {"oi_scale_ppm": PPM}),
    ("oiScalePpm", {"oi_scale_ppm": PPM + 1}),
    ("skewScale", {"skew_scale": 0}),
    ("skewScale", {"max_open_interest": MAX_SIZE, "skew_scale": MAX_SIZE // 1_000 - 1}),
    (None, {"skew_scale": 1, "max_open_interest": 1_000}),
    ("skewScale", {"skew_scale": 1, "max_open_interest": 1_001}),
    ("skewScale", {"skew_scale": UNIT - 1}),
    (None, {"skew_scale": UNIT}),
    (None, {"skew_scale": MAX_SIZE}),
    ("skewScale", {"skew_scale": MAX_SIZE + 1}),
    (None, {"max_funding_rate_wad": 0}),
    (None, {"max_funding_rate_wad": 10**14}),
    ("maxFundingRateWad", {"max_funding_rate_wad": 10**14 + 1}),
    (None, {"borrow_rate_wad": 0}),
    (None, {"borrow_rate_wad": 10**14}),
    ("borrowRateWad", {"borrow_rate_wad": 10**14 + 1}),
    ("adlTriggerPpm", {"adl_trigger_ppm": 0}),
    ("adlTriggerPpm", {"adl_trigger_ppm": 1, "adl_target_ppm": 1}),
    (None, {"adl_trigger_ppm": 1, "adl_target_ppm": 2}),
    ("adlTriggerPpm", {"adl_target_ppm": 0}),
    ("adlTriggerPpm", {"adl_trigger_ppm": HUGE}),
    (None, {"adl_target_ppm": PARAMETERS.adl_trigger_ppm + 1}),
    (None, {"reserve_ppm": 10**8, "adl_trigger_ppm": 9_999, "adl_target_ppm": 10_000}),
    (None, {"reserve_ppm": 3, "adl_target_ppm": 333_333_333_333}),
    ("adlTargetPpm", {"reserve_ppm": 3, "adl_target_ppm": 333_333_333_334}),
    ("adlTargetPpm", {"reserve_ppm": 6_666_667}),
    (None, {"adl_target_ppm": 500_000}),
    ("adlTargetPpm", {"adl_target_ppm": 500_001}),
    ("adlTargetPpm", {"adl_target_ppm": HUGE}),
    (None, {"liquidity_fee_ppm": 50_000}),
    ("liquidityFeePpm", {"liquidity_fee_ppm": 50_001}),
    ("maxPriceAge", {"max_price_age": 0}),
    (None, {"max_price_age": 1}),
    (None, {"max_price_age": 604_800, "settle_after": 1_209_600}),
    ("maxPriceAge", {"max_price_age": 604_801}),
    ("maxPriceAge", {"max_price_age": HUGE}),
    (None, {"max_price_age": 1, "settle_after": 86_400}),
    ("settleAfter", {"max_price_age": 1, "settle_after": 86_399}),
    (None, {"max_price_age": 43_201, "settle_after": 86_402}),
    ("settleAfter", {"max_price_age": 43_201, "settle_after": 86_401}),
    (None, {"settle_after": 2**32 - 1}),
    ("settleAfter", {"settle_after": 2**32}),
]
BROKEN: Final = {name: change for name, change in EDGES if name and "tiers" not in change}


def changed(*changes: dict[str, Any]) -> RiskParameters:
    """Return the usual terms with these changes, of which later ones win."""
    return replace(PARAMETERS, **{key: value for change in changes for key, value in change.items()})


def broken_from(first: str) -> RiskParameters:
    """Return terms in which this parameter is broken, and all that come later in the ABI's struct."""
    names = list(BROKEN)
    return changed(*(BROKEN[name] for name in reversed(names[names.index(first) :])))

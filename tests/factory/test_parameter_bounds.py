"""InvalidParameter: every bound of every parameter, at its edge and one beyond, on chain and in the model."""

import random
from dataclasses import fields, replace
from functools import cache
from typing import Any, Final

import pytest
from isolated_margin.errors import Refusal
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, PPM
from isolated_margin.market import Market
from isolated_margin.parameters import RiskParameters, Tier
from ringfence.evm.artifacts import load
from ringfence.types.outcome import Refused
from ringfence.types.roles import GUARDIAN, OWNER, STRANGER
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import STANDARD

from tests.open_market import OpenMarket, place_factory

GOOD: Final = STANDARD.parameters
FIRST, SECOND, _ = GOOD.tiers
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
    ("maintenanceRatePpm", tiers(FIRST, replace(SECOND, maintenance_rate_ppm=24_999))),
    (None, tiers(FIRST, replace(SECOND, maintenance_rate_ppm=25_000))),
    ("initialRatePpm", tiers(FIRST, replace(SECOND, initial_rate_ppm=49_999, maintenance_rate_ppm=25_000))),
    (None, tiers(FIRST, replace(SECOND, initial_rate_ppm=50_000, maintenance_rate_ppm=25_000))),
    ("initialRatePpm", tiers(replace(FIRST, initial_rate_ppm=25_000))),
    (None, tiers(replace(FIRST, initial_rate_ppm=40_000))),
    (None, tiers(replace(FIRST, initial_rate_ppm=PPM))),
    ("initialRatePpm", tiers(replace(FIRST, initial_rate_ppm=PPM + 1))),
    ("initialRatePpm", tiers(replace(FIRST, initial_rate_ppm=HUGE))),
    ("initialRatePpm", tiers(replace(FIRST, maintenance_rate_ppm=HUGE))),
    (None, {"trading_fee_ppm": 0}),
    (None, {"trading_fee_ppm": 49_999}),
    ("tradingFeePpm", {"trading_fee_ppm": 50_000}),
    ("tradingFeePpm", {"trading_fee_ppm": HUGE}),
    (None, {"insurance_share_ppm": 0}),
    (None, {"insurance_share_ppm": PPM}),
    ("insuranceSharePpm", {"insurance_share_ppm": PPM + 1}),
    (None, {"liquidation_fee_ppm": 0}),
    (None, {"liquidation_fee_ppm": 24_999}),
    ("liquidationFeePpm", {"liquidation_fee_ppm": 25_000}),
    ("liquidationFeePpm", {"liquidation_fee_ppm": HUGE}),
    (None, {"liquidator_share_ppm": 0}),
    (None, {"liquidator_share_ppm": PPM}),
    ("liquidatorSharePpm", {"liquidator_share_ppm": PPM + 1}),
    ("liquidatorSharePpm", {"liquidator_share_ppm": HUGE}),
    (None, {"liquidation_fee_ppm": 20_000, "liquidator_share_ppm": 625_000}),
    ("liquidatorSharePpm", {"liquidation_fee_ppm": 20_000, "liquidator_share_ppm": 625_001}),
    ("bufferPpm", {"buffer_ppm": 0}),
    (None, {"buffer_ppm": 1}),
    (None, {"buffer_ppm": PPM}),
    ("bufferPpm", {"buffer_ppm": PPM + 1}),
    ("minNotional", {"min_notional": 0}),
    ("minNotional", {"min_notional": 39_960}),
    (None, {"min_notional": 39_961}),
    (None, {"min_notional": MAX_ASSETS}),
    ("minNotional", {"min_notional": MAX_ASSETS + 1}),
    ("minNotional", {"min_notional": HUGE}),
    (None, {"max_open_interest": 0}),
    (None, {"max_open_interest": MAX_SIZE}),
    ("maxOpenInterest", {"max_open_interest": MAX_SIZE + 1}),
    ("reservePpm", {"reserve_ppm": 0}),
    (None, {"reserve_ppm": 1}),
    (None, {"reserve_ppm": 10**9}),
    ("reservePpm", {"reserve_ppm": 10**9 + 1}),
    ("skewScale", {"skew_scale": 0}),
    (None, {"skew_scale": 1}),
    (None, {"skew_scale": MAX_SIZE}),
    ("skewScale", {"skew_scale": MAX_SIZE + 1}),
    (None, {"max_funding_rate_wad": 0}),
    (None, {"max_funding_rate_wad": 10**14}),
    ("maxFundingRateWad", {"max_funding_rate_wad": 10**14 + 1}),
    (None, {"borrow_rate_wad": 0}),
    (None, {"borrow_rate_wad": 10**14}),
    ("borrowRateWad", {"borrow_rate_wad": 10**14 + 1}),
    ("adlTriggerPpm", {"adl_trigger_ppm": 0}),
    ("adlTargetPpm", {"adl_trigger_ppm": 1, "adl_target_ppm": 1}),
    (None, {"adl_trigger_ppm": 2, "adl_target_ppm": 1}),
    (None, {"adl_trigger_ppm": PPM}),
    ("adlTriggerPpm", {"adl_trigger_ppm": PPM + 1}),
    ("adlTargetPpm", {"adl_target_ppm": 0}),
    (None, {"adl_target_ppm": GOOD.adl_trigger_ppm - 1}),
    ("adlTargetPpm", {"adl_target_ppm": GOOD.adl_trigger_ppm}),
    ("maxPriceAge", {"max_price_age": 0}),
    (None, {"max_price_age": 1}),
    (None, {"max_price_age": 2**32 - 1}),
    ("maxPriceAge", {"max_price_age": 2**32}),
    ("maxPriceAge", {"max_price_age": HUGE}),
]


Placed = tuple[Any, ...]  # a contract's name and the arguments of its constructor


@cache
def market_and_factory() -> tuple[OpenMarket, str, object]:
    """Return a chain with a factory, and a mark to come back to."""
    market = OpenMarket()
    factory = place_factory(market)
    return market, factory, market.chain.snapshot()


def refused_on_chain(
    parameters: RiskParameters, token: Placed = ("MockToken", 6), feed: Placed = ("MockPriceFeed", 8)
) -> Refused | None:
    """Return why no market can be created with these parameters, token and feed."""
    market, factory, mark = market_and_factory()
    market.chain.restore(mark)
    addresses = [
        market.place(load(placed[0]), *placed[1:]) if placed else market.book.text(STRANGER)
        for placed in (token, feed)
    ]
    config = market_config(*addresses, replace(STANDARD, parameters=parameters))
    codes = (load("IsolatedMarginVault").bytecode, load("LiquidityPool").bytecode)
    outcome = market.send(OWNER, factory, "createMarket", config, bytes(32), *codes)
    return outcome if isinstance(outcome, Refused) else None


def refused_by_model(parameters: RiskParameters, collateral: int = 6, feed: int = 8) -> Refused | None:
    """Return why the model makes no such market."""
    try:
        Market(
            parameters,
            collateral_decimals=collateral,
            feed_decimals=feed,
            owner=OWNER,
            guardian=GUARDIAN,
            deployed_at=1,
        )
    except Refusal as refusal:
        return Refused(refusal.name, refusal.args)
    return None


@pytest.mark.parametrize(("name", "change"), EDGES)
def test_parameter__at_its_edge__is_judged_alike_on_chain_and_in_the_model(
    name: str | None, change: dict[str, Any]
) -> None:
    """One beyond a bound is InvalidParameter with the parameter's name; the bound itself is allowed."""
    parameters = replace(GOOD, **change)
    expected = Refused("InvalidParameter", (name,)) if name else None
    assert refused_on_chain(parameters) == expected
    assert refused_by_model(parameters) == expected


def test_parameters__all_are_tried() -> None:
    """No parameter is missing above, neither refused nor accepted at an edge."""
    names = {field.name for field in fields(RiskParameters) if field.init}
    assert {name for _, change in EDGES for name in change} == names
    assert {name for refused, change in EDGES if refused is None for name in change} == names


BROKEN: Final = {name: change for name, change in EDGES if name and "tiers" not in change}
SEED: Final = 4_626


@pytest.mark.parametrize("first", BROKEN)
def test_parameters__several_broken__the_first_is_named(first: str) -> None:
    """The order of the struct decides: with this one and all later ones broken, this one is named."""
    names = list(BROKEN)
    later = [BROKEN[name] for name in names[names.index(first) :]]
    parameters = replace(GOOD, **{key: value for change in reversed(later) for key, value in change.items()})
    assert (
        refused_on_chain(parameters) == refused_by_model(parameters) == Refused("InvalidParameter", (first,))
    )


def test_parameters__drawn_at_random_from_the_edges__are_judged_alike() -> None:
    """Chain and model agree on 300 mixtures of allowed and broken parameters."""
    rng = random.Random(SEED)
    for trial in range(300):
        changes = [change for _, change in rng.sample(EDGES, rng.randint(2, 5))]
        parameters = replace(GOOD, **{key: value for change in changes for key, value in change.items()})
        assert refused_on_chain(parameters) == refused_by_model(parameters), f"seed {SEED}, trial {trial}"


WITHOUT_DECIMALS: Final[dict[str, Placed]] = {
    "has no code": (),
    "reverts": ("AlwaysReverts",),
    "burns its gas": ("BurnsGas",),
    "answers nothing": ("AnswersBytes", b""),
    "answers 31 bytes": ("AnswersBytes", bytes(31)),
    "answers 256": ("AnswersBytes", (256).to_bytes(32)),
    "answers the greatest number": ("AnswersBytes", b"\xff" * 32),
}


@pytest.mark.parametrize("what", WITHOUT_DECIMALS)
def test_decimals__that_cannot_be_read__name_the_contract(what: str) -> None:
    """A token or a feed without usable decimals is InvalidParameter with its name."""
    placed = WITHOUT_DECIMALS[what]
    assert refused_on_chain(GOOD, token=placed) == Refused("InvalidParameter", ("collateral",))
    assert refused_on_chain(GOOD, feed=placed) == Refused("InvalidParameter", ("feed",))


@pytest.mark.parametrize(
    ("token", "feed", "name"),
    [(0, 0, None), (18, 36, None), (19, 8, "collateral"), (18, 37, "feed"), (255, 255, "collateral")],
)
def test_decimals__at_the_limit_and_beyond__are_judged_alike(token: int, feed: int, name: str | None) -> None:
    """Tokens have at most 18 decimals, feeds 36; the token is looked at first."""
    expected = Refused("InvalidParameter", (name,)) if name else None
    assert refused_on_chain(GOOD, ("MockToken", token), ("MockPriceFeed", feed)) == expected
    assert refused_by_model(GOOD, token, feed) == expected

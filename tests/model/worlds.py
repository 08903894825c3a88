"""Markets to test in: the same terms everywhere, changed where a test says so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import settings
from isolated_margin.errors import Refusal
from isolated_margin.market import Market
from isolated_margin.parameters import RiskParameters, Tier

UNIT: Final = 10**18  # one whole base asset
TOKEN: Final = 10**6  # one whole collateral token
ANSWER: Final = 10**8  # one collateral token per base asset, as the feed says it
WAD: Final = 10**18
FOREVER: Final = 2**40
FLOAT: Any = 1.0  # what no function takes for an integer
NO_LIMIT: Final = 2**256 - 1
DEPLOYED_AT: Final = 1_700_000_000

PARAMETERS: Final = RiskParameters(
    tiers=(
        Tier(notional_floor=0, initial_rate_ppm=100_000, maintenance_rate_ppm=50_000),
        Tier(notional_floor=100_000 * TOKEN, initial_rate_ppm=200_000, maintenance_rate_ppm=100_000),
        Tier(notional_floor=500_000 * TOKEN, initial_rate_ppm=500_000, maintenance_rate_ppm=250_000),
    ),
    trading_fee_ppm=1_000,
    insurance_share_ppm=200_000,
    liquidation_fee_ppm=10_000,
    liquidator_share_ppm=500_000,
    buffer_ppm=100_000,
    min_notional=10 * TOKEN,
    max_open_interest=1_000 * UNIT,
    reserve_ppm=2_000_000,
    skew_scale=1_000 * UNIT,
    max_funding_rate_wad=10**11,
    borrow_rate_wad=10**10,
    adl_trigger_ppm=500_000,
    adl_target_ppm=300_000,
    max_price_age=3_600,
)
FREE_OF_CARRY: Final = replace(PARAMETERS, max_funding_rate_wad=0, borrow_rate_wad=0)

TRADERS: Final = ("trader_1", "trader_2", "trader_3")
FUNDED: Final = (*TRADERS, "operator", "provider_1", "provider_2", "stranger")
thorough: Final = settings(max_examples=100, deadline=None)


def new_market(parameters: RiskParameters = PARAMETERS, pool_assets: int = 1_000_000 * TOKEN) -> Market:
    """Return a market at a price of 2,000, its pool filled, everybody rich and trusting."""
    market = Market(
        parameters,
        collateral_decimals=6,
        feed_decimals=8,
        owner="owner",
        guardian="guardian",
        deployed_at=DEPLOYED_AT,
    )
    for account in FUNDED:
        market.token.mint(account, 10**9 * TOKEN)
        market.token.approve(account, "vault", NO_LIMIT)
        market.token.approve(account, "pool", NO_LIMIT)
    set_price(market, 2_000)
    if pool_assets:
        market.pool.deposit("provider_1", pool_assets, "provider_1")
    market.clock.advance(1)
    set_price(market, 2_000)
    market.drain_log()
    return market


def set_price(market: Market, price: int, age: int = 0) -> None:
    """Let the feed answer a price in whole tokens, given ``age`` seconds ago."""
    market.feed.set(price * ANSWER, market.clock.timestamp - age)


def move_price(market: Market, price: int, seconds: int = 1) -> None:
    """Begin a new block with a new price."""
    market.clock.advance(seconds)
    set_price(market, price)


def any_price(size: int) -> int:
    """Return the limit that accepts every price for trading a signed ``size``."""
    return NO_LIMIT if size > 0 else 0


def open_position(market: Market, size: int, margin: int, owner: str = "trader_1") -> int:
    """Open at any price; return the id."""
    return market.vault.open(owner, size, margin, any_price(size), FOREVER)


def close_position(market: Market, position_id: int, owner: str = "trader_1") -> Any:
    """Close at any price; return what moved."""
    size = market.vault.position(position_id).size
    return market.vault.close(owner, position_id, any_price(-size), FOREVER)


def decrease_position(market: Market, position_id: int, size: int, owner: str = "trader_1") -> Any:
    """Decrease at any price; return what moved."""
    held = market.vault.position(position_id).size
    return market.vault.decrease(owner, position_id, size, any_price(-held), FOREVER)


def assert_refused(market: Market, call: Callable[[], object], expected: Refusal) -> None:
    """Check that the call raises exactly this refusal and that nothing has changed."""
    before, logged = market.copy(), len(market.log)
    with pytest.raises(Refusal) as caught:
        call()
    assert (caught.value.name, caught.value.args) == (expected.name, expected.args)
    assert market == before
    assert len(market.log) == logged


def events(market: Market) -> list[str]:
    """Return who announced what since the last time, in order, as ``emitter.Event``."""
    return [f"{emitter}.{type(event).__name__}" for emitter, event in market.drain_log()]

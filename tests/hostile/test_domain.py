"""Amounts that no ordinary market reaches: a pool of 2**122 assets, a quote of more than 128 bits."""

from dataclasses import replace

import pytest
from isolated_margin.fixed import MAX_SIZE
from isolated_margin.parameters import Tier
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, TRADERS
from ringfence.vaults.isolated_margin.actions import Deleverage, SetPrice
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

from tests.open_market import OpenMarket
from tests.sequences import long

QUOTE = 2**128 + 2**127
LIQUIDITY = 2**122  # its quotient with price and target would not fit 256 bits; each account has as much
RICH = replace(
    STANDARD,
    name="rich",
    parameters=replace(
        STANDARD.parameters,
        tiers=(Tier(0, 50_000, 25_000),),
        min_notional=40_000,
        adl_trigger_ppm=1,
        adl_target_ppm=2,
    ),
    collateral_decimals=0,
    feed_decimals=18,
    answer=2_000 * 10**18,
    tokens=LIQUIDITY + 5_000,
    liquidity=LIQUIDITY,
    insurance=5_000,
)


@pytest.mark.property("DOM-1")
def test_deleverage__of_a_side_that_the_pool_could_carry_often__is_refused_by_name() -> None:
    market = OpenMarket(RICH)
    market.act(long(TRADERS[0], 100 * SIZE, 20_000))
    market.act(SetPrice(OWNER, 1, 0))
    outcome = market.act(Deleverage(LIQUIDATORS[0], 1))
    assert isinstance(outcome, Refused)
    assert outcome.error == "DeleverageNotNeeded"


def test_position__whose_quote_is_above_128_bits__is_stored_whole() -> None:
    """A margin of three millionths is enough for a notional of more than 2**128."""
    light = replace(
        RICH.parameters,
        tiers=(Tier(0, 3, 2),),
        trading_fee_ppm=1,
        liquidation_fee_ppm=1,
        min_notional=10**9,
        max_open_interest=MAX_SIZE,
        skew_scale=MAX_SIZE,
        oi_scale_ppm=0,
        reserve_ppm=10**8,
    )
    market = OpenMarket(replace(RICH, name="light", parameters=light, collateral_decimals=18, answer=10**30))
    opened = market.act(long(TRADERS[0], QUOTE // 10**12, 5 * QUOTE // 10**6))
    assert isinstance(opened, Done), opened
    assert market.observe().positions[1].quote == -(QUOTE // 10**12) * 10**12

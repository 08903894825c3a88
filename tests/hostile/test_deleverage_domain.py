"""DOM-1: what a side may keep stays in the domain, however much the pool has and however low the price is."""

from dataclasses import replace

import pytest
from isolated_margin.parameters import Tier
from ringfence.types.outcome import Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, TRADERS
from ringfence.vaults.isolated_margin.actions import Deleverage, SetPrice
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

from tests.open_market import OpenMarket
from tests.sequences import long

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

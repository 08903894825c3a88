"""A trader against insurance and pool: a long and a short in one hand, one of which is liquidated by it."""

import pytest
from ringfence.types.roles import LIQUIDATORS, TRADERS
from ringfence.vaults.isolated_margin.actions import Close, Liquidate
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import AuditedMarket
from tests.attacks.page import is_tabled
from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, NO_LIMIT_SELLING, USD, at_price, long, short

TRADER, LIQUIDATOR = TRADERS[0], LIQUIDATORS[0]  # of one hand
LONG, SHORT = 1, 2
FEES, HALVED = 98, 44_002  # of opening both; what a gap of half the price brings


def gain_at(price: int) -> int:
    """Return what a pair of 98,000 on each side gains when its loser is liquidated and its winner closed."""
    market = AuditedMarket(insurance=100_000)
    before = market.tokens(TRADER, LIQUIDATOR)
    market.done(long(TRADER, 49 * SIZE, 4_949 * USD), short(TRADER, 49 * SIZE, 4_949 * USD), at_price(price))
    loser, winner, limit = (
        (LONG, SHORT, NO_LIMIT_BUYING) if price < 2_000 else (SHORT, LONG, NO_LIMIT_SELLING)
    )
    market.done(Liquidate(LIQUIDATOR, loser), Close(TRADER, winner, limit, NO_DEADLINE))
    return market.tokens(TRADER, LIQUIDATOR) - before


@pytest.mark.property("LIQ-8")
@pytest.mark.parametrize("price", [1_900, 2_100])
def test_pair__whose_margin_pays_its_loss__loses_the_fees_of_opening(price: int) -> None:
    """At 5 % all margin is lost, and insurance pays the reward. Edition 1 paid ten times that, all of it."""
    assert gain_at(price) == -FEES * USD


@pytest.mark.property("LIQ-8")
@pytest.mark.parametrize("price", [1_000, 3_000])
def test_pair__over_a_gap_of_half_the_price__gains_what_its_margin_did_not_pay(price: int) -> None:
    """The winner's 49,000 less the loser's margin of 4,900 and the fees of opening: nothing excludes it."""
    assert gain_at(price) == HALVED * USD == (49_000 - 4_900 - FEES) * USD


def test_figures__of_a_hedged_pair__are_tabled() -> None:
    assert is_tabled("Liquidate one side of one's own pair", FEES, HALVED)

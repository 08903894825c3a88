"""An operator against the owner of a position."""

import pytest
from ringfence.types.outcome import Refused
from ringfence.types.roles import OPERATOR, TRADERS
from ringfence.vaults.isolated_margin.actions import Decrease, Increase, SetOperator
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import AuditedMarket
from tests.attacks.page import is_tabled
from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, NO_LIMIT_SELLING, USD, long

OWNER = TRADERS[0]
DECREASE, INCREASE, REMOVE = 1, 2, 4
CHURNS = 20
MARGIN, FEE, CHURNED = 59_990, 10, 8_000


def with_operator(permissions: int) -> AuditedMarket:
    """Return the market with a long of 20,000 on a margin of 59,990, and an operator for its owner."""
    market = AuditedMarket()
    market.done(long(OWNER, 10 * SIZE, 60_000 * USD), SetOperator(OWNER, OPERATOR, permissions, 2**40))
    return market


def margin(market: AuditedMarket) -> int:
    """Return the position's margin, in whole tokens, rounded down."""
    return market.observe().positions[1].margin // USD


@pytest.mark.property("ACC-2")
def test_churning__by_an_operator_who_may_only_decrease__costs_one_closing_fee() -> None:
    """Edition 1 had one permission for all: that of the next test."""
    market = with_operator(DECREASE | REMOVE)
    more = Increase(OPERATOR, 1, 1_000 * SIZE, 0, NO_LIMIT_BUYING, NO_DEADLINE)
    assert market.act(more) == Refused("NotAuthorised", (OPERATOR, 1))
    market.done(Decrease(OPERATOR, 1, 10 * SIZE - SIZE // 100, NO_LIMIT_SELLING, NO_DEADLINE))
    assert MARGIN - FEE <= margin(market) < MARGIN


@pytest.mark.property("ACC-2")
def test_churning__by_an_operator_who_may_increase__takes_margin_by_fees() -> None:
    """Twenty rounds of 400,000 take 8,000 of 59,990: what an owner has to know who gives this permission."""
    market = with_operator(DECREASE | INCREASE)
    for _ in range(CHURNS):
        market.done(
            Increase(OPERATOR, 1, 200 * SIZE, 0, NO_LIMIT_BUYING, NO_DEADLINE),
            Decrease(OPERATOR, 1, 200 * SIZE, NO_LIMIT_SELLING, NO_DEADLINE),
        )
    assert margin(market) == MARGIN - CHURNED


def test_figures__of_an_operator__are_tabled() -> None:
    assert is_tabled("Churn as an operator", FEE, CHURNED, CHURNS)

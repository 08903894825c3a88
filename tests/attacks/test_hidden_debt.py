"""A provider against providers: margin of its own beside debts, which then count as if they would be paid."""

from typing import Final

import pytest
from ringfence.types.outcome import Done
from ringfence.types.roles import LIQUIDATORS, POOL, TRADERS
from ringfence.vaults.isolated_margin.actions import Close, Deposit, Liquidate, Redeem
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import LEAVING, STAYING, AuditedMarket
from tests.attacks.page import is_reported
from tests.sequences import NO_DEADLINE, NO_LIMIT_SELLING, USD, at_price, long

PARTS: Final = 10  # of 98,000 each, below the second tier
OWN: Final = PARTS + 1  # the position of who leaves, opened after them
SHOWN, TRUE, LEFT_BEHIND, ENTERED = 573_696, 524_696, 475_696, 92_143


def fallen() -> AuditedMarket:
    """Return the market with 980,000 of longs, 15 % down: they owe 98,000 that they don't have."""
    market = AuditedMarket(leaving=500_000)
    for _ in range(PARTS):
        market.done(long(TRADERS[0], 49 * SIZE, 4_949 * USD))
    market.done(at_price(1_700))
    return market


def liquidate_all(market: AuditedMarket) -> None:
    """Liquidate all that can't pay."""
    market.done(*(Liquidate(LIQUIDATORS[0], 1 + number) for number in range(PARTS)))


@pytest.mark.property("LPS-4")
def test_margin_parked_beside_debts__a_second_before__hides_them() -> None:
    """Half of the pool leaves as if all would be paid, for a position's fee of less than a cent."""
    market = fallen()
    market.done(long(LEAVING, SIZE // 100, 98_001 * USD))
    before = market.tokens(LEAVING)
    assert market.leave(LEAVING) == SHOWN
    market.done(Close(LEAVING, OWN, NO_LIMIT_SELLING, NO_DEADLINE))
    assert market.tokens(LEAVING) - before >= (SHOWN + 98_000) * USD
    liquidate_all(market)
    assert market.worth(STAYING) == LEFT_BEHIND


@pytest.mark.property("LPS-4")
def test_margin_parked_beside_debts__within_a_second__hides_nothing() -> None:
    """Fresh margin doesn't count: it can't be lent for a transaction."""
    market = fallen()
    market.done(long(LEAVING, SIZE // 100, 98_001 * USD))
    left = market.act(Redeem(LEAVING, market.shares(LEAVING), LEAVING, LEAVING), seconds=0)
    assert isinstance(left, Done)
    assert isinstance(left.value, int)
    assert left.value // USD == TRUE


@pytest.mark.property("LPS-4")
def test_margin_parked_beside_debts__that_are_liquidated_first__hides_nothing() -> None:
    market = fallen()
    market.done(long(LEAVING, SIZE // 100, 98_001 * USD))
    liquidate_all(market)
    assert (market.leave(LEAVING), market.worth(STAYING)) == (TRUE, TRUE)


@pytest.mark.property("LPS-4")
def test_deposit__while_debts_are_hidden__is_accepted_at_the_paper_price() -> None:
    market = fallen()
    assert market.ask(POOL, "maxDeposit", LEAVING) == 0
    market.done(long(LEAVING, SIZE // 100, 98_001 * USD), Deposit(TRADERS[1], 100_000 * USD, TRADERS[1]))
    liquidate_all(market)
    assert market.worth(TRADERS[1]) == ENTERED


def test_figures__of_a_hidden_debt__are_reported() -> None:
    assert is_reported("**Debts behind margin of their own side.**", SHOWN, TRUE, LEFT_BEHIND, ENTERED)

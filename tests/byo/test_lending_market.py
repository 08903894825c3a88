"""The example with debt: its loans by hand, its seeded bugs in a few calls, and sound."""

from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from ringfence.engine.loading import load

from tests.byo.plays import Script, played, shows
from tests.byo.searches import searched

EXAMPLE = Path(__file__).parents[2] / "examples" / "lending-market"
MARKET = load(f"{EXAMPLE / 'adapter.py'}:LendingMarket")
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:QueueOneTooLong").bugs
SIZE, ETH, USD, PRICE, DAY = 10**18, 10**18, 10**6, 10**8, 86_400


def borrow(vault: Any) -> None:
    """Open the usual loan."""
    vault.open("trader_1", size=1_000 * SIZE, margin=ETH)


def test_loan__repaid_after_a_month__costs_interest_and_returns_the_collateral() -> None:
    def script(vault: Any) -> None:
        borrow(vault)
        vault.repay("trader_1", position=1, size=400 * SIZE, wait=30 * DAY)
        vault.close("trader_1", position=1)

    outcomes, state = played(MARKET, script)
    assert all(isinstance(each, rf.Done) for each in outcomes)
    assert state.positions == {}
    account, totals = state.accounts["trader_1"], state.totals
    assert account.tokens == 10**6 * ETH
    paid = 10**8 * USD - account.amounts["usd"]
    assert 0 < paid == totals["reserve"] + totals["supplied"] - 20_000 * USD


def test_loan__worth_less_than_its_debt__leaves_bad_debt_to_the_lenders() -> None:
    def script(vault: Any) -> None:
        borrow(vault)
        vault.liquidate("liquidator_1", position=1)
        vault.set_price("owner", price=840 * PRICE)
        vault.liquidate("liquidator_1", position=1)

    (_, early, _, late), state = played(MARKET, script)
    assert isinstance(early, rf.Refused)
    assert early.error == "Healthy"
    assert isinstance(late, rf.Done)
    assert state.totals["supplied"] == 19_800 * USD
    assert state.accounts["liquidator_1"].tokens == (10**6 + 1) * ETH


def bad_debt(vault: Any) -> None:
    """Liquidate a loan whose collateral has lost too much."""
    borrow(vault)
    vault.set_price("owner", price=800 * PRICE)
    vault.liquidate("liquidator_1", position=1)


def repayment(vault: Any) -> None:
    """Repay a loan in parts, after interest, while there is another one."""
    borrow(vault)
    vault.open("trader_2", size=10_000 * SIZE, margin=10 * ETH)
    for part in range(100, 400, 100):
        vault.repay("trader_1", position=1, size=part * SIZE, wait=DAY)


def steep_interest(vault: Any) -> None:
    """Lend nearly all, for a day."""
    vault.open("trader_1", size=19_000 * SIZE, margin=20 * ETH)
    vault.supply("provider_2", amount=USD, wait=DAY)


def covered_debt(vault: Any) -> None:
    """Leave bad debt of half a unit, after a month's interest on another loan."""
    vault.open("trader_1", size=10_000 * SIZE, margin=10 * ETH)
    vault.open("trader_2", size=101 * SIZE, margin=ETH // 10, wait=30 * DAY)
    vault.set_price("owner", price=1_055 * PRICE)
    vault.liquidate("liquidator_1", position=2)


def nine_requests(vault: Any) -> None:
    """Ask nine times to be paid out."""
    for _ in range(9):
        vault.request_withdrawal("provider_1", shares=100 * USD)


SCRIPTS: dict[str, Script] = {
    "BadDebtStaysInTheSupply": bad_debt,
    "RepaymentRoundedDown": repayment,
    "SteepInterestPaidToNobody": steep_interest,
    "CoveredDebtTakenFromLendersToo": covered_debt,
    "QueueOneTooLong": nine_requests,
}


@pytest.mark.parametrize("name", BUGS)
def test_seeded_bug__in_a_few_calls__violates_its_property(name: str) -> None:
    broken = load(f"{EXAMPLE / 'seeded_bugs.py'}:{name}")
    shows(MARKET, broken, BUGS[name].property_id, SCRIPTS[name])


LIMIT = "        _requireWithin(loan, LIQUIDATION_LTV);\n"
UNLIMITED = rf.Edit("LendingMarket.sol", LIMIT + "        asset", "        asset")
ALWAYS_REPAYABLE = type(
    "AlwaysRepayable", (MARKET,), {"project": rf.solidity(EXAMPLE / "contracts", [UNLIMITED])}
)


@pytest.mark.property("LIQ-7")
def test_repayment__that_leaves_a_loan_unhealthy__is_no_violation_where_it_lacks_less() -> None:
    """It can be liquidated as before, by less."""
    with rf.assert_holds(ALWAYS_REPAYABLE, "LIQ-7") as vault:
        borrow(vault)
        vault.set_price("owner", price=1_000 * PRICE)
        vault.repay("trader_1", position=1, size=100 * SIZE)
    done = searched(ALWAYS_REPAYABLE, 40)
    assert (done.finding, done.fault, done.untested) == (None, "", [])


def test_search__whole_market__is_clean() -> None:
    done = searched(MARKET, 40)
    assert (done.finding, done.fault, done.unseen, done.untested) == (None, "", {}, [])
    assert done.words_checked > 100

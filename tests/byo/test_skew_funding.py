"""The example in Vyper: its funding by hand, its seeded bugs in a few calls, and sound."""

from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from ringfence.engine.loading import load

from tests.byo.plays import Script, played, shows
from tests.byo.searches import searched

EXAMPLE = Path(__file__).parents[2] / "examples" / "skew-funding"
MARKET = load(f"{EXAMPLE / 'adapter.py'}:SkewFunding")
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:FundingPaidToNobody").bugs
SIZE, USD, PRICE = 10**18, 10**6, 10**8
PERIOD = 3_000  # seconds, in which a price stays good
LARGEST = 100 * SIZE  # what a trade may be at most, at a price of 2,000


def both_sides(vault: Any) -> None:
    """Open three times as much long as short, at a price of 2,000."""
    vault.open("trader_1", size=30 * SIZE, margin=9_000 * USD)
    vault.open("trader_2", size=-10 * SIZE, margin=3_000 * USD)


def test_funding__after_a_while__is_paid_by_the_larger_side_to_the_smaller_and_to_the_pool() -> None:
    def script(vault: Any) -> None:
        both_sides(vault)
        vault.close("trader_2", position=2, wait=PERIOD)
        vault.close("trader_1", position=1)

    outcomes, state = played(MARKET, script)
    assert all(isinstance(each, rf.Done) for each in outcomes)
    unit = 2_000 * USD * 12 * PERIOD // 10**7 // 2  # of 1.2e-6 a second, half: of 40 the skew is 20
    fees = 2 * 20 * USD
    assert state.accounts["trader_1"].tokens == 1_000_000 * USD - 3 * fees - 30 * unit
    assert state.accounts["trader_2"].tokens == 1_000_000 * USD - fees + 10 * unit
    kept = state.totals["liquidity"] + state.totals["insurance"] - 200_000 * USD
    assert kept == 4 * fees + 20 * unit
    assert state.totals["reserved"] == 0


def test_price__first_one_used_in_a_block__holds_for_all_of_it() -> None:
    def script(vault: Any) -> None:
        vault.open("trader_1", size=10 * SIZE, margin=3_000 * USD)
        vault.push_price("owner", price=1_700 * PRICE)
        vault.liquidate("liquidator_1", position=1)
        vault.liquidate("liquidator_1", position=1, wait=1)

    (*_, early, late), state = played(MARKET, script)
    assert isinstance(early, rf.Refused)
    assert early.args == ("healthy",)
    assert isinstance(late, rf.Done)
    assert state.totals["locked_price"] == 1_700 * PRICE


def test_liquidation__of_more_than_the_margin__is_paid_by_insurance_then_pool() -> None:
    outcomes, state = played(MARKET, deficit)
    assert all(isinstance(each, rf.Done) for each in outcomes)
    assert state.accounts["liquidator_1"].tokens == 1_000_001 * USD
    assert (state.positions, state.totals["insurance"]) == ({}, 0)


def funded(vault: Any) -> None:
    """Close after a while alone on its side."""
    vault.open("trader_1", size=10 * SIZE, margin=3_000 * USD)
    vault.close("trader_1", position=1, wait=PERIOD)


def deficit(vault: Any) -> None:
    """Liquidate a long that has lost more than its margin."""
    vault.open("trader_1", size=10 * SIZE, margin=3_000 * USD)
    vault.push_price("owner", price=1_600 * PRICE, wait=1)
    vault.liquidate("liquidator_1", position=1)


def second_price(vault: Any) -> None:
    """Push a price in a block whose price is locked, and liquidate by it."""
    vault.open("trader_1", size=10 * SIZE, margin=3_000 * USD)
    vault.push_price("owner", price=1_700 * PRICE)
    vault.liquidate("liquidator_1", position=1)


def decreased(vault: Any) -> None:
    """Decrease the larger side after a while."""
    both_sides(vault)
    vault.decrease("trader_1", position=1, size=5 * SIZE, wait=PERIOD)


def full_insurance(vault: Any) -> None:
    """Fill the insurance by liquidations of the largest positions: it gets some 1,000 of each."""
    vault.provide("owner", amount=800_000 * USD)
    for first, size, price in ((1, LARGEST, 1_790), (6, -LARGEST, 2_000)):
        for position in range(first, first + 5):
            vault.open(f"trader_{1 + position % 3}", size=size, margin=28_500 * USD)
        vault.push_price("owner", price=price * PRICE, wait=1)
        for position in range(first, first + 5):
            vault.liquidate("liquidator_1", position=position)


def discount(vault: Any) -> None:
    """Open until the fee is halved, and once more."""
    vault.provide("owner", amount=800_000 * USD)
    for position in range(1, 10):
        vault.open("trader_1", size=LARGEST, margin=30_000 * USD)
        vault.close("trader_1", position=position)


SCRIPTS: dict[str, Script] = {
    "FundingPaidToNobody": funded,
    "DeficitNettedAgainstMargins": deficit,
    "LiquidationPassesTheLock": second_price,
    "FundingBySizesAfterADecrease": decreased,
    "SurplusOfTheInsuranceLost": full_insurance,
    "DiscountedFeeBookedInFull": discount,
}


@pytest.mark.parametrize("name", BUGS)
def test_seeded_bug__in_some_calls__violates_its_property(name: str) -> None:
    broken = load(f"{EXAMPLE / 'seeded_bugs.py'}:{name}")
    shows(MARKET, broken, BUGS[name].property_id, SCRIPTS[name])


@pytest.mark.parametrize("name", ["SurplusOfTheInsuranceLost", "DiscountedFeeBookedInFull"])
def test_seeded_bug__that_lies_deep__is_not_shown_before_the_last_calls(name: str) -> None:
    outcomes, _ = played(MARKET, SCRIPTS[name])
    assert len(outcomes) >= 10
    assert all(isinstance(each, rf.Done) for each in outcomes)


def test_search__whole_market__is_clean() -> None:
    done = searched(MARKET, 40)
    assert (done.finding, done.fault, done.unseen) == (None, "", {})
    assert done.words_checked > 100

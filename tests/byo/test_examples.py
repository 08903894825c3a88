"""What all examples have in common: whatever is drawn can be sent, and searches find seeded bugs."""

from pathlib import Path

import pytest
import ringfence as rf
from ringfence.engine.loading import load

from tests.byo.searches import found_in, searched

EXAMPLES = Path(__file__).parents[2] / "examples"
ADAPTERS = {
    "notional-vault": "NotionalVault",
    "cross-margin": "CrossMarginVault",
    "lending-market": "LendingMarket",
    "skew-funding": "SkewFunding",
    "two-step-orders": "TwoStepOrders",
}
FOUND = (
    ("lending-market", "BadDebtStaysInTheSupply"),
    ("skew-funding", "DeficitNettedAgainstMargins"),
    ("two-step-orders", "ExpiredOrderExecuted"),
    ("two-step-orders", "OrderOutlivesLiquidation"),
    ("two-step-orders", "EntryPricesAveraged"),
)
"""Those that every seed finds within seconds; the others take up to minutes, or are not found."""


@pytest.mark.parametrize("folder", ADAPTERS)
def test_price__below_zero__is_refused(folder: str) -> None:
    """Mutation can make a price negative, and an unsigned argument can't be."""
    adapter = load(f"{EXAMPLES / folder / 'adapter.py'}:{ADAPTERS[folder]}")
    (move,) = (each for each in adapter.actions if each.kind is rf.MOVES_PRICE)
    with rf.assert_holds(adapter) as vault:
        getattr(vault, move.python_name)("owner", price=-2)


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "name"), FOUND)
def test_search__seeded_bug__is_found_by_its_property(folder: str, name: str) -> None:
    adapter = f"{EXAMPLES / folder / 'seeded_bugs.py'}:{name}"
    property_id = load(adapter).bugs[name].property_id
    assert found_in(adapter, only=property_id).property_id == property_id


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "runs"), [("lending-market", 300), ("skew-funding", 300), ("two-step-orders", 600)]
)
def test_search__longer__finds_nothing_and_asks_all(folder: str, runs: int) -> None:
    """An order to close is executed only after some thousand steps."""
    done = searched(f"{EXAMPLES / folder / 'adapter.py'}:{ADAPTERS[folder]}", runs, 600)
    assert (done.finding, done.fault, done.unseen, done.untested) == (None, "", {}, [])

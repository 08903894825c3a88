"""The gas of real transactions: what it was, what it may be, and that other positions do not change it."""

import pytest

from tests.gas.meter import Gas
from tests.gas.snapshot import Snapshot

Used = dict[str, Gas]

LIMITS = {
    "open": 225_000,  # the trader's first; a later one is below 205,000
    "addMargin": 74_000,
    "close": 123_000,
    "liquidate, full": 130_000,
    "liquidate, partial": 160_000,
    "deleverage, the first of a round": 225_000,
    "deleverage, partial": 147_000,
    "deleverage, whole": 145_000,
    "redeem": 145_000,
}
# A token asks 17,100 more for a wallet's first tokens than for further ones, and 3,131 to count an allowance
# down; a vault can't save them.
UNLIMITED = {
    "open, the trader's first, finite allowance",
    "addMargin, finite allowance",
    "close with a profit, into an empty wallet",
    "liquidate, full, margin left, keeper without tokens",
    "liquidate, full, deficit, keeper without tokens",
}

pytestmark = pytest.mark.slow


def test_gas__of_every_transaction__is_the_snapshots(gas_with_few: Used, snapshot: Snapshot) -> None:
    """To the last unit, the transaction's 21,000 and its calldata included."""
    snapshot.agrees("gas", {name: gas.used for name, gas in gas_with_few.items()})


@pytest.mark.parametrize("kind", LIMITS)
def test_gas__of_what_traders_and_keepers_do__is_within_its_limit(kind: str, gas_with_few: Used) -> None:
    """Whatever the snapshot says, and whoever does it for the first time or has no tokens yet."""
    used = {name: gas.used for name, gas in gas_with_few.items() if name.startswith(kind)}
    assert used
    assert {name: gas for name, gas in used.items() if gas > LIMITS[kind]}.keys() <= UNLIMITED


def test_gas__on_eth_tester__is_the_same(gas_with_few: Used, gas_on_eth_tester: Used) -> None:
    """Two implementations of the EVM charge alike."""
    assert gas_on_eth_tester == gas_with_few


@pytest.mark.property("GAS-1")
def test_gas__beside_a_thousand_positions__is_that_beside_one(
    gas_with_few: Used, gas_with_many: Used
) -> None:
    """GAS-1: but for the calldata, where an id of two bytes costs more than one of one."""
    assert executions(gas_with_many) == executions(gas_with_few)


def executions(gas: Used) -> dict[str, int]:
    """Return the gas without calldata, by transaction."""
    return {name: measured.execution for name, measured in gas.items()}

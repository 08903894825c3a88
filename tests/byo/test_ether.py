"""Native ether: sent with transactions and to constructors, observed, and sent by Foundry tests."""

from pathlib import Path

import pytest
import ringfence as rf
from ringfence.evm.chains import connect
from ringfence.evm.workspace import Workspace
from ringfence.report.foundry import foundry_test
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import OWNER, TRADERS

from tests.byo.searches import found_in, searched
from tests.forge import forge

FLOAT, FEE = 10**18, 10**9
HERE = Path(__file__).parent / "ether"


class Till(rf.Adapter):
    """Each action that costs something sends it along."""

    project = rf.solidity(HERE)
    facts = rf.Facts(answer=2_000 * 10**18, size=10**18, margin=10**15)
    abilities = frozenset({rf.Ability.BALANCES, rf.Ability.SUMS, rf.Ability.NAMED_ERRORS})

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("till", self.project["Till"], value=FLOAT)

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        opened = self.send(account, "till", "open", abs(size), value=margin)
        return self.workspace.opened(opened, len(self.workspace.keys) + 1)

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "till", "close", self.workspace.key(position))

    @rf.action(rf.MOVES_PRICE)
    def push(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "till", "push", price, value=FEE)

    def observe(self) -> rf.VaultState:
        positions = {}
        for number, key in self.workspace.latest():
            owner, size, margin = self.workspace.read("till", "held", key)
            if owner:
                positions[number] = rf.PositionState(owner, size, margin)
        totals = {name: self.workspace.number("till", name) for name in ("price", "count")}
        totals["insurance"] = self.workspace.number("till", "fees")
        held = self.workspace.ether("till") - FLOAT
        tokens = {role: rf.AccountState(self.workspace.ether(role)) for role in self.workspace.accounts}
        return rf.VaultState(positions, totals | {"vault_tokens": held}, tokens)

    @rf.property_("ETH-1", "The till has its float, every margin and all fees.")
    def covered(self, state: rf.VaultState) -> bool:
        margins = sum(each.margin for each in state.positions.values())
        return state.totals["vault_tokens"] == margins + state.totals["insurance"]


class Short(Till):
    """A vault whose property is violated by the third price."""

    @rf.property_("ETH-2", "Fewer than three fees are paid.")
    def few(self, state: rf.VaultState) -> bool:
        return state.totals["insurance"] < 3 * FEE


@pytest.mark.parametrize("name", ["revm", "eth-tester", "anvil"])
def test_ether__sent__is_the_contracts(name: str) -> None:
    with connect(name) as chain:
        workspace = Workspace(chain)
        Till(workspace)
        assert workspace.ether("till") == FLOAT
        assert isinstance(workspace.send(TRADERS[0], "till", "open", 5, value=700), Done)
        assert workspace.ether("till") == FLOAT + 700
        assert workspace.send(OWNER, "till", "push", 5, value=3) == Refused("TooLittle", (3,))
        assert workspace.ether("till") == FLOAT + 700


def test_search__of_a_vault_of_ether__finds_nothing() -> None:
    done = searched(Till, 30)
    assert (done.finding, done.fault) == (None, "")
    assert done.tested["ETH-1"]
    assert done.stats.outcomes["Close", "done"]


def test_foundry_test__of_a_vault_of_ether__sends_it() -> None:
    source = foundry_test(found_in(Short, only="ETH-2"))
    assert "till.push{value: 1_000_000_000}(" in source
    assert ', "", 1_000_000_000_000_000_000));' in source


@pytest.mark.slow
def test_foundry_test__of_a_vault_of_ether__fails_under_forge(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/Till.sol").write_text((HERE / "Till.sol").read_text())
    failed = forge(tmp_path, {"Finding": foundry_test(found_in(Short, only="ETH-2"))})
    assert "ETH-2" in str(failed)

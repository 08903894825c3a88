"""A contract that a test ships acts like an account: it has positions, and enters a vault that pays it."""

from pathlib import Path
from typing import Annotated, Any

import pytest
import ringfence as rf

from tests.byo.plays import shows
from tests.byo.searches import found_in, searched

HERE = Path(__file__).parent / "attacker"
ETHER, ATTACKER = 10**18, "attacker"
Actor = Annotated[str, rf.Account(("trader_1", "trader_2", ATTACKER))]


class Bank(rf.Adapter):
    """Who trades may be the attacker: what it does is sent to its contract, which sends its own."""

    project = rf.solidity(HERE)
    facts = rf.Facts(answer=1, size=10**18, margin=10**15)
    abilities = frozenset({rf.Ability.BALANCES, rf.Ability.VALUATION})

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("bank", self.project["Bank"])
        workspace.deploy(ATTACKER, self.project["Attacker"], "bank", value=ETHER)

    @rf.action(rf.OPENS)
    def open(self, account: Actor, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        if account == ATTACKER:
            return self.send("owner", ATTACKER, "open", abs(size), margin)
        return self.send(account, "bank", "open", abs(size), value=margin)

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        if account == ATTACKER:
            return self.send("owner", ATTACKER, "close", position)
        return self.send(account, "bank", "close", position)

    def observe(self) -> rf.VaultState:
        positions = {}
        for number in range(1, self.workspace.number("bank", "count") + 1):
            owner, size, margin = self.workspace.read("bank", "held", number)
            if owner:
                positions[number] = rf.PositionState(owner, size, margin)
        owners = (*self.workspace.accounts, ATTACKER)
        accounts = {role: rf.AccountState(self.workspace.ether(role)) for role in owners}
        return rf.VaultState(positions, {"vault_tokens": self.workspace.ether("bank")}, accounts)

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook:
        values = {
            number: rf.Valued(held.margin, held.margin, 0, 0) for number, held in state.positions.items()
        }
        return rf.SimpleBook(1, values)


EFFECT = "        delete _held[id - 1];\n"
PAID = "        if (!paid) revert NotPaid(msg.sender);\n"
EFFECT_LAST = (rf.Edit("Bank.sol", EFFECT, ""), rf.Edit("Bank.sol", PAID, PAID + EFFECT))


class LateEffect(Bank):
    """Forgets a position after paying for it."""

    project = rf.solidity(HERE, EFFECT_LAST)


def theft(vault: Any) -> None:
    """Have the attacker close while somebody else has as much in the bank."""
    vault.open("trader_1", size=1, margin=10)
    vault.open(ATTACKER, size=1, margin=10)
    vault.close(ATTACKER, position=2)


def test_attacker__of_a_bank_that_forgets_before_it_pays__gets_its_own() -> None:
    done = searched(Bank, 60)
    assert (done.finding, done.fault, done.unseen, done.untested) == (None, "", {}, [])


@pytest.mark.property("CUS-1")
def test_attacker__of_a_bank_that_pays_before_it_forgets__is_found() -> None:
    shows(Bank, LateEffect, "CUS-1", theft)
    finding = found_in(LateEffect)
    assert finding.property_id in ("CUS-1", "EXI-1")  # EXI-1 where the others' closes are tried
    assert ATTACKER in {step.action.account for step in finding.sequence}

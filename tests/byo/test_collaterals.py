"""Positions with a second collateral of its own decimals, and a fee that is paid on top of the margin."""

from dataclasses import replace
from typing import Any

import pytest
import ringfence as rf

from tests.byo.paper_vault import NO_POSITION, PaperVault
from tests.byo.plays import shows
from tests.byo.searches import found_in, searched

RUNS, GOLD, FEE = 80, "gold", 7


class TwoTokens(PaperVault):
    """Gold, with 8 decimals, can be added to a position; a liquidation takes it. Opening costs a fee."""

    facts = rf.Facts(answer=100, size=10**18, margin=1_000, amounts=(rf.Amount(GOLD, "GLD", 8),))
    abilities = PaperVault.abilities | {rf.Ability.COLLATERALS}

    def deploy(self, workspace: rf.Workspace) -> None:
        super().deploy(workspace)
        self.gold = dict.fromkeys(workspace.accounts, 10**8)
        self.vault_gold = self.fund = self.gold_fund = 0

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done):
            self.accounts[account] -= FEE
            self.fund += FEE
        return outcome

    @rf.action(rf.LEAVES_POSITIONS)
    def add_gold(self, account: rf.Trader, position: rf.Position, amount: rf.Assets) -> rf.Outcome:
        """Add to the second collateral of a position."""
        held = self.positions.get(position)
        if held is None or not 0 < amount <= self.gold[account]:
            return NO_POSITION
        if account != held.owner:
            return rf.Refused("NotOwner", ())
        self.gold[account] -= amount
        self.vault_gold += amount
        self.positions[position] = replace(held, amounts={GOLD: held.amounts.get(GOLD, 0) + amount})
        return rf.Done(None, ())

    def close(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        outcome = super().close(account, position)
        if held and isinstance(outcome, rf.Done):
            self.give(account, held)
        return outcome

    def give(self, account: str, held: rf.PositionState) -> None:
        """Return the second collateral."""
        self.gold[account] += held.amounts.get(GOLD, 0)
        self.vault_gold -= held.amounts.get(GOLD, 0)

    def liquidate(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        if held is None:
            return NO_POSITION
        if self.price > self.facts.answer // 2:
            return rf.Refused("Healthy", ())
        del self.positions[position]
        self.accounts[account] += held.margin
        self.gold_fund += held.amounts.get(GOLD, 0)
        return rf.Done(None, ())

    def observe(self) -> rf.VaultState:
        state = super().observe()
        totals = state.totals | {
            "gold_tokens": self.vault_gold,
            "gold_funds": self.gold_fund,
            "insurance": self.fund,
            "vault_tokens": state.totals["vault_tokens"] + self.fund,
        }
        accounts = {
            role: replace(held, amounts={GOLD: self.gold[role]}) for role, held in state.accounts.items()
        }
        return rf.VaultState(state.positions, totals, accounts)


class GoldStays(TwoTokens):
    """Keeps the second collateral of who closes, for nobody."""

    def give(self, account: str, held: rf.PositionState) -> None:
        """Give nothing."""


class GoldLost(TwoTokens):
    """Sends the second collateral to nobody."""

    def give(self, account: str, held: rf.PositionState) -> None:
        self.vault_gold -= held.amounts.get(GOLD, 0)


class GoldPulled(TwoTokens):
    """A liquidation takes a unit of gold from the owner's wallet, too."""

    def liquidate(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        outcome = super().liquidate(account, position)
        if held and isinstance(outcome, rf.Done):
            self.gold[held.owner] -= 1
            self.vault_gold += 1
            self.gold_fund += 1
        return outcome


class FeeTwice(TwoTokens):
    """Takes the fee once more than it gets it."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done):
            self.accounts[account] -= FEE
            self.accounts["stranger"] += FEE
        return outcome


def gold(vault: Any) -> None:
    """Add gold to two positions, close one, and liquidate the other."""
    for position in (1, 2):
        vault.open("trader_1", size=10**18, margin=1_000)
        vault.add_gold("trader_1", position=position, amount=100)
    vault.close("trader_1", position=1)
    vault.set_price("owner", price=10)
    vault.liquidate("liquidator_1", position=2)


@pytest.mark.parametrize(
    ("broken", "property_id"),
    [(GoldStays, "CUS-1"), (GoldLost, "CUS-2"), (GoldPulled, "ISO-3"), (FeeTwice, "ISO-5")],
)
def test_collateral__second__is_watched_like_the_first(broken: type[Any], property_id: str) -> None:
    shows(TwoTokens, broken, property_id, gold)
    assert found_in(broken, only=property_id).property_id == property_id


def test_search__of_two_collaterals_and_a_fee_on_top__is_clean() -> None:
    done = searched(TwoTokens, RUNS)
    assert (done.finding, done.fault) == (None, "")
    assert done.stats.outcomes["AddGold", "done"] > 0

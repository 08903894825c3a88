"""A pool of shares beside a vault: who leaves it gives up shares, once."""

from dataclasses import replace
from typing import Any

import pytest
import ringfence as rf

from tests.byo.paper_vault import PaperVault
from tests.byo.plays import shows
from tests.byo.searches import found_in, searched

RUNS, EACH = 60, 10**6
TOO_FEW = rf.Refused("TooFewShares", ())


class Pooled(PaperVault):
    """``EACH`` shares cost a unit and pay a unit."""

    def deploy(self, workspace: rf.Workspace) -> None:
        super().deploy(workspace)
        self.shares = dict.fromkeys(workspace.accounts, 0)
        self.pooled = 0

    @rf.action(rf.PROVIDES)
    def deposit(self, account: rf.Provider, assets: rf.Assets) -> rf.Outcome:
        if not 0 < assets <= self.accounts[account]:
            return rf.Refused("TooPoor", ())
        self.pay(account, -assets)
        self.shares[account] += assets * EACH
        return rf.Done(None, ())

    @rf.action(rf.REDEEMS)
    def redeem(self, account: rf.Provider, shares: rf.Shares) -> rf.Outcome:
        return self.exit(account, shares) if 0 < shares <= self.shares[account] else TOO_FEW

    @rf.action(rf.WITHDRAWS)
    def withdraw(self, account: rf.Provider, assets: rf.Assets) -> rf.Outcome:
        return self.exit(account, assets * EACH) if 0 < assets * EACH <= self.shares[account] else TOO_FEW

    def exit(self, account: str, shares: int) -> rf.Outcome:
        """Pay an account for its shares, rounded down."""
        if shares // EACH > self.pooled:
            return rf.Refused("EmptyPool", ())
        self.pay(account, shares // EACH)
        self.burn(account, shares)
        return rf.Done(None, ())

    def pay(self, account: str, amount: int) -> None:
        """Move collateral from the pool to an account."""
        self.accounts[account] += amount
        self.pooled -= amount

    def burn(self, account: str, shares: int) -> None:
        """Take shares off an account."""
        self.shares[account] -= shares

    def observe(self) -> rf.VaultState:
        state = super().observe()
        totals = state.totals | {"pool_tokens": self.pooled, "pool_shares": sum(self.shares.values())}
        accounts = {role: replace(held, shares=self.shares[role]) for role, held in state.accounts.items()}
        return rf.VaultState(state.positions, totals, accounts)


class SharesStay(Pooled):
    """Who leaves keeps its shares."""

    def burn(self, account: str, shares: int) -> None:
        """Burn nothing."""


class OthersBurn(Pooled):
    """Burns the shares of the account that has most of them."""

    def burn(self, account: str, shares: int) -> None:
        most = max(self.shares, key=lambda role: self.shares[role])
        self.shares[most] -= shares


def redeemed(vault: Any) -> None:
    """Have the provider of less redeem."""
    vault.deposit("provider_1", assets=1_000)
    vault.deposit("provider_2", assets=500)
    vault.redeem("provider_2", shares=400 * EACH)


def withdrawn(vault: Any) -> None:
    """Have the provider of less withdraw."""
    vault.deposit("provider_1", assets=1_000)
    vault.deposit("provider_2", assets=500)
    vault.withdraw("provider_2", assets=400)


@pytest.mark.property("LPS-1")
@pytest.mark.parametrize("script", [redeemed, withdrawn])
@pytest.mark.parametrize("broken", [SharesStay, OthersBurn])
def test_exit__that_does_not_burn_what_it_is_paid_for__is_a_violation(broken: type[Any], script: Any) -> None:
    shows(Pooled, broken, "LPS-1", script)


@pytest.mark.property("LPS-1")
@pytest.mark.parametrize("broken", [SharesStay, OthersBurn])
def test_search__of_a_pool_whose_exits_burn_wrongly__finds_it(broken: type[Any]) -> None:
    assert found_in(broken, only="LPS-1").property_id == "LPS-1"


def test_search__of_a_pool_whose_exits_burn__is_clean() -> None:
    done = searched(Pooled, RUNS)
    assert (done.finding, done.fault, "LPS-1" in done.untested) == (None, "", False)
    assert done.stats.outcomes["Redeem", "done"] > 0

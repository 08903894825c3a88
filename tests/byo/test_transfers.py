"""A position that changes its owner, as an NFT does: the new one acts on it and is paid, no more."""

from dataclasses import replace
from typing import Any

import pytest
import ringfence as rf
from ringfence.types.roles import TRADERS

from tests.byo.paper_vault import NO_POSITION, PaperVault
from tests.byo.plays import shows
from tests.byo.searches import found_in, searched

RUNS = 80


class Transferable(PaperVault):
    """A vault whose positions can be given to any account, and to contracts that nobody observes."""

    abilities = PaperVault.abilities | {rf.Ability.VALUATION, rf.Ability.SAME_BLOCK}
    liquidate = None

    @rf.action(rf.TRANSFERS)
    def transfer(self, account: rf.Trader, position: rf.Position, to: rf.Recipient) -> rf.Outcome:
        held = self.positions.get(position)
        if held is None:
            return NO_POSITION
        if account != held.owner or not to:
            return rf.Refused("NotOwner", ())
        self.give(position, to)
        return rf.Done(None, ())

    def give(self, position: int, to: str) -> None:
        """Make an account a position's owner."""
        self.positions[position] = replace(self.positions[position], owner=to)

    def close(self, account: str, position: int) -> rf.Outcome:
        if account not in self.accounts:
            return rf.Refused("NotOwner", ())
        return super().close(account, position)

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook:
        """Value each position at its margin."""
        return rf.SimpleBook(
            1, {number: rf.Valued(held.margin, held.margin, 0, 0) for number, held in state.positions.items()}
        )


class OldOwnerPaid(Transferable):
    """Pays the first trader, not the owner of a position that was given away."""

    def close(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        outcome = super().close(account, position)
        if isinstance(outcome, rf.Done) and held and account == TRADERS[1]:
            self.accounts[account] -= held.margin
            self.accounts[TRADERS[0]] += held.margin
        return outcome


class TollTaken(Transferable):
    """Takes a unit of margin when a position is given away."""

    def give(self, position: int, to: str) -> None:
        super().give(position, to)
        held = self.positions[position]
        self.positions[position] = replace(held, margin=held.margin - 1)


class TakenByTopUp(Transferable):
    """An account that adds margin to a position becomes its owner."""

    def add_margin(self, account: str, position: int, assets: int) -> rf.Outcome:
        outcome = super().add_margin(account, position, assets)
        if isinstance(outcome, rf.Done):
            self.give(position, account)
        return outcome


def given(vault: Any) -> None:
    """Give a position away, add to it, and close it by its new owner."""
    vault.open("trader_1", size=10**18, margin=1_000)
    vault.transfer("trader_1", position=1, to="trader_2")
    vault.add_margin("trader_3", position=1, assets=10)
    vault.close("trader_2", position=1)


@pytest.mark.parametrize(
    ("broken", "property_id"), [(OldOwnerPaid, "EXI-1"), (TollTaken, "ACC-1"), (TakenByTopUp, "ACC-1")]
)
def test_position__that_is_given_away__is_the_new_owners(broken: type[Any], property_id: str) -> None:
    shows(Transferable, broken, property_id, given)
    assert found_in(broken, only=property_id).property_id == property_id


def test_search__of_positions_that_change_their_owners__is_clean() -> None:
    """They are given to the vault too, which is no account: nobody can act on them then."""
    done = searched(Transferable, RUNS)
    assert (done.finding, done.fault, done.untested) == (None, "", [])
    assert done.stats.outcomes["Transfer", "done"] > 0


@pytest.mark.parametrize("to", ["vault", "trader_2"])
def test_transfer__by_somebody_else__is_refused_and_no_violation(to: str) -> None:
    with rf.assert_holds(Transferable) as vault:
        vault.open("trader_1", size=10**18, margin=1_000)
        vault.transfer("trader_2", position=1, to=to)
        vault.transfer("trader_1", position=1, to=to)

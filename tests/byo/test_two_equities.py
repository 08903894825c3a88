"""A vault that closes positions at the price, and liquidates them by another equity, at a worse price."""

from dataclasses import replace
from typing import Any

import pytest
import ringfence as rf

from tests.byo.paper_vault import NO_POSITION, PaperVault
from tests.byo.plays import played, shows
from tests.byo.searches import found_in, searched

RUNS, UNIT, PPM, HOUSE = 80, 10**18, 10**6, 10**7
INITIAL, MAINTENANCE, SPREAD = 100_000, 50_000, 20_000  # ppm of a position's worth


class Spread(PaperVault):
    """The house is the other side; what it has is reserved for profits, which are at most the margin."""

    facts = rf.Facts(answer=10_000, size=UNIT, margin=2_000)
    abilities = PaperVault.abilities | {rf.Ability.VALUATION, rf.Ability.SAME_BLOCK}

    def deploy(self, workspace: rf.Workspace) -> None:
        super().deploy(workspace)
        self.price, self.house = 10_000, HOUSE

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        worth = abs(size) * self.price // UNIT
        if not 100 <= worth <= HOUSE or not worth * INITIAL // PPM <= margin <= HOUSE // 100:
            return rf.Refused("Margin", ())
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done):
            held = self.positions[self.opened]
            self.positions[self.opened] = replace(held, entry_price_wad=self.price)
        return outcome

    def close(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        if held and account == held.owner and self.equity(held, self.price) < 0:
            return rf.Refused("Insolvent", ())
        return self.settled(account, position) if held and account == held.owner else NO_POSITION

    def liquidate(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        if held is None:
            return NO_POSITION
        if self.seen(held, self.price) >= self.required(held, self.price):
            return rf.Refused("Healthy", ())
        return self.settled(held.owner, position)

    def set_price(self, account: str, price: int) -> rf.Outcome:
        if price <= 0:
            return rf.Refused("Price", ())
        return super().set_price(account, price)

    def settled(self, owner: str, position: int) -> rf.Outcome:
        """Pay a position's equity, and forget it."""
        held = self.positions.pop(position)
        paid = max(0, self.equity(held, self.price))
        self.accounts[owner] += paid
        self.house += held.margin - paid
        return rf.Done(None, ())

    def equity(self, held: rf.PositionState, price: int) -> int:
        """Return what closing pays, and what is left where that is negative."""
        pnl = held.size * (price - held.entry_price_wad) // UNIT
        return held.margin + min(pnl, held.margin)

    def seen(self, held: rf.PositionState, price: int) -> int:
        """Return the equity that a liquidation looks at."""
        return self.equity(held, price) - self.spread(held, price)

    def spread(self, held: rf.PositionState, price: int) -> int:
        """Return what the worse price of a liquidation takes off."""
        return abs(held.size) * price // UNIT * SPREAD // PPM

    def required(self, held: rf.PositionState, price: int) -> int:
        """Return the equity below which a position is liquidated."""
        return abs(held.size) * price // UNIT * MAINTENANCE // PPM

    def observe(self) -> rf.VaultState:
        state = super().observe()
        state.totals.update(liquidity=self.house, vault_tokens=state.totals["vault_tokens"] + self.house)
        return state

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook:
        """Value positions at the price, with the equity that a liquidation looks at."""
        price = moment.answer or self.facts.answer
        return rf.SimpleBook(
            price, {each: self.valued(held, price) for each, held in state.positions.items()}
        )

    def valued(self, held: rf.PositionState, price: int) -> rf.Valued:
        """Return one position's values."""
        worth, pnl = abs(held.size) * price // UNIT, self.equity(held, price) - held.margin
        seen = self.seen(held, price)
        return rf.Valued(held.margin, worth, pnl, self.required(held, price), liquidation_equity=seen)


class SaidToHaveOne(Spread):
    """Does not state the equity that a liquidation looks at."""

    def valued(self, held: rf.PositionState, price: int) -> rf.Valued:
        return replace(super().valued(held, price), liquidation_equity=None)


class ClosedByTheOther(Spread):
    """Pays at a close what a liquidation looks at."""

    def close(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        outcome = super().close(account, position)
        if held and isinstance(outcome, rf.Done):
            self.accounts[account] -= self.spread(held, self.price)
            self.house += self.spread(held, self.price)
        return outcome


class AlwaysClosable(Spread):
    """Lets a position be closed that has lost more than its margin: the rest is the house's loss."""

    def close(self, account: str, position: int) -> rf.Outcome:
        held = self.positions.get(position)
        return self.settled(account, position) if held and account == held.owner else NO_POSITION


def between(vault: Any) -> None:
    """Liquidate a position that is safe by one equity, and not by the other."""
    vault.open("trader_1", size=UNIT, margin=1_000)
    vault.set_price("owner", price=9_600)
    vault.liquidate("liquidator_1", position=1)


def closed(vault: Any) -> None:
    """Open and close at one price."""
    vault.open("trader_1", size=UNIT, margin=1_000)
    vault.close("trader_1", position=1)


def test_liquidation__by_its_own_equity__is_done_when_that_is_too_small() -> None:
    outcomes, _ = played(Spread, between)
    assert all(isinstance(each, rf.Done) for each in outcomes)
    assert found_in(SaidToHaveOne).property_id == "LIQ-1"
    shows(Spread, SaidToHaveOne, "LIQ-1", between)


@pytest.mark.property("EXI-1")
def test_close__by_the_equity_of_liquidation__pays_too_little() -> None:
    shows(Spread, ClosedByTheOther, "EXI-1", closed)


@pytest.mark.parametrize("adapter", [Spread, AlwaysClosable])
def test_search__of_a_vault_with_two_equities__is_clean(adapter: type[Any]) -> None:
    done = searched(adapter, RUNS)
    assert (done.finding, done.fault, done.untested) == (None, "", [])

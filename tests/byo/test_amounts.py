"""Positions and accounts with amounts of a vault's own: debts, and tokens of other decimals."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import ringfence as rf
from ringfence.engine.differences import differences
from ringfence.report.units import shown
from ringfence.types.market import market_of

from tests.byo.searches import found_in, searched

AMOUNTS = (rf.Amount("debt", "DAI", 18), rf.Amount("wrapped_ether", "WETH", 8))
FACTS = rf.Facts(answer=100, size=10**18, margin=1_000, amounts=AMOUNTS)


class Lending(rf.Adapter):
    """Lends half of a margin; a margin that is added to grows every position's debt."""

    facts = FACTS

    def deploy(self, workspace: rf.Workspace) -> None:
        self.held: dict[int, rf.PositionState] = {}

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        number = len(self.held) + 1
        self.held[number] = rf.PositionState(account, size, margin, amounts={"debt": margin // 2})
        return rf.Done(number, ())

    @rf.action(rf.ADDS_MARGIN)
    def add(self, account: rf.Trader, position: rf.Position, amount: rf.Assets) -> rf.Outcome:
        for number, held in self.held.items():
            self.held[number] = replace(held, amounts={"debt": held.amounts["debt"] + amount})
        return rf.Done(None, ())

    def observe(self) -> rf.VaultState:
        return rf.VaultState(
            dict(self.held), {}, {"trader_1": rf.AccountState(0, amounts={"wrapped_ether": 3})}
        )


class Undeclared(Lending):
    """Shows an amount that it does not declare."""

    facts = replace(FACTS, amounts=AMOUNTS[1:])


def test_debt_of_another_position__that_grows__is_a_violation_of_isolation() -> None:
    """What a property compares of positions is all of them, amounts of their own too."""
    found = found_in(Lending)
    assert found.property_id == "ISO-1"
    assert found.cause.broken
    assert "'debt'" in found.cause.broken.message


def test_amount__not_declared__is_the_adapters_fault() -> None:
    fault = searched(Undeclared, runs=1).fault
    assert "positions[1].debt, no amount that its facts declare" in fault


@pytest.mark.parametrize(
    ("model", "chain", "field", "text"),
    [
        ({"debt": 5 * 10**17}, {"debt": 10**18}, "positions[1].debt", "1"),
        ({}, {"wrapped_ether": 150_000_000}, "positions[1].wrapped_ether", "1.5"),
    ],
)
def test_difference__of_an_amount__is_shown_in_its_tokens_decimals(
    model: Mapping[str, int], chain: Mapping[str, int], field: str, text: str
) -> None:
    states = [
        rf.VaultState({1: rf.PositionState("trader_1", 1, 1, amounts=each)}, {}, {})
        for each in (model, chain)
    ]
    (found,) = differences("Open", (rf.Done(1, ()), rf.Done(1, ())), (states[0], states[1]))
    assert found.field == field
    assert shown(field, found.chain, market_of("Lending", FACTS)) == text

"""Any mismatch of vault and reference model is violated at once, and says where."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ringfence.engine.system import Violated
from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Outcome
from ringfence.types.roles import LIQUIDATORS, OPERATOR, OWNER, TRADERS
from ringfence.types.state import OperatorState, VaultState
from ringfence.vaults.isolated_margin import ComparedVault
from ringfence.vaults.isolated_margin.actions import Liquidate, Open, SetOperator, SetPrice
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault

TRADER = TRADERS[0]
OPENING = Step(Open(TRADER, SIZE, 1_000 * 10**6, INFINITE, INFINITE), 1)


class Spoilt(ReferenceVault):
    """A model that tells one thing wrong, from the step in which it is spoilt."""

    spoil_outcome: Callable[[Outcome], Outcome] = staticmethod(lambda outcome: outcome)
    spoil_state: Callable[[VaultState], VaultState] = staticmethod(lambda state: state)

    def apply(self, step: Step) -> Outcome:
        return self.spoil_outcome(super().apply(step))

    def observe(self) -> VaultState:
        return self.spoil_state(super().observe())


@pytest.fixture
def spoilt() -> Any:
    """Give two models that are compared, of which the first can be spoilt."""
    vault, reference = (
        kind(STANDARD, deployed_at=1_000, ready_at=2_000) for kind in (Spoilt, ReferenceVault)
    )
    return ComparedVault(vault, reference, STANDARD)


def spoil_done(**changes: Any) -> Callable[[Outcome], Outcome]:
    """Return what changes a success."""
    return lambda outcome: replace(outcome, **changes) if isinstance(outcome, Done) else outcome


def with_more_margin(state: VaultState) -> VaultState:
    """Return the state with one unit more in the first position."""
    return replace(state, positions={1: replace(state.positions[1], margin=state.positions[1].margin + 1)})


def test_do__when_both_agree__returns_the_outcome_and_keeps_the_state(spoilt: Any) -> None:
    outcome = spoilt.do(OPENING)
    assert isinstance(outcome, Done)
    assert outcome.value == 1
    assert spoilt.state == spoilt.vault.observe()
    assert spoilt.sequence[-1] == OPENING


@pytest.mark.parametrize(
    ("part", "spoil", "line"),
    [
        ("outcome", spoil_done(value=2), "returned: model 1, vault 2"),
        ("outcome", spoil_done(events=()), "events[1]: model ('vault', 'Accrued', "),
        ("outcome", lambda _: Done(1, ()), "events[4]: model ('token', 'Transfer', "),
        ("state", with_more_margin, "positions[1].margin: model 999000000, vault 999000001"),
        (
            "state",
            lambda state: replace(state, operators={(TRADER, OPERATOR): OperatorState(7, 9)}),
            "operators[trader_1, operator].permissions: model None, vault 7",
        ),
        (
            "state",
            lambda state: replace(state, officers=state.officers | {"guardian": ""}),
            "officers.guardian: model 'guardian', vault ''",
        ),
    ],
)
def test_do__with_another_result__shows_what_differs(spoilt: Any, part: str, spoil: Any, line: str) -> None:
    setattr(spoilt.vault, f"spoil_{part}", spoil)
    with pytest.raises(Violated) as violated:
        spoilt.do(OPENING)
    assert line in str(violated.value)
    assert part == "outcome" or len({str(each).partition(".")[0] for each in violated.value.mismatches}) == 1
    assert violated.value.sequence == (OPENING,)
    assert str(violated.value).startswith("step 1: Step(action=Open(account='trader_1'")


def test_do__with_a_success_for_a_refusal__shows_both(spoilt: Any) -> None:
    spoilt.vault.spoil_outcome = lambda _: Done(None, ())
    with pytest.raises(Violated, match=r"model \('refused', 'NoPosition', \(7,\)\), vault \('done', None\)"):
        spoilt.do(Step(Liquidate(LIQUIDATORS[0], 7), 1))


def test_system__of_two_that_start_apart__is_violated_at_once() -> None:
    """Sequences begin in the same state or not at all."""
    early, late = (ReferenceVault(STANDARD, deployed_at=at, ready_at=2_000) for at in (1_000, 1_001))
    with pytest.raises(Violated, match="the start"):
        ComparedVault(early, late, STANDARD)


def test_restart__brings_both_back_as_often_as_wanted(compared: ComparedVault) -> None:
    compared.open([OPENING])
    state = compared.state
    for seconds in (1, 2):
        compared.do(Step(SetPrice(OWNER, 1_500 * 10**8, 0), seconds))
        compared.do(Step(SetOperator(TRADER, OPERATOR, 7, 9), 0))
        compared.do(Step(Liquidate(LIQUIDATORS[0], 1), 5))
        assert compared.state != state
        compared.restart()
        assert compared.state == compared.vault.observe() == state
        assert compared.sequence == ()

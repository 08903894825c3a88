"""Any difference between vault and model ends the run, and is told where it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ringfence.engine.lockstep import Divergence, Lockstep
from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Outcome
from ringfence.types.roles import LIQUIDATORS, OPERATOR, OWNER, TRADERS
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import AddMargin, Liquidate, Open, SetOperator, SetPrice
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


def pair() -> Lockstep[Spoilt, ReferenceVault]:
    """Return two models in step, one of which can be spoilt."""
    sides = [kind(STANDARD, deployed_at=1_000, ready_at=2_000) for kind in (Spoilt, ReferenceVault)]
    lockstep: Lockstep[Any, Any] = Lockstep(*sides)
    lockstep.run(STANDARD.opening())
    return lockstep


def spoil_done(**changes: Any) -> Callable[[Outcome], Outcome]:
    """Return what changes a success."""
    return lambda outcome: replace(outcome, **changes) if isinstance(outcome, Done) else outcome


def with_more_margin(state: VaultState) -> VaultState:
    """Return the state with one unit more in the first position."""
    return replace(state, positions={1: replace(state.positions[1], margin=state.positions[1].margin + 1)})


def with_an_operator(state: VaultState) -> VaultState:
    """Return the state with an operator that nobody named."""
    return replace(state, operators=frozenset({(TRADER, OPERATOR)}))


def without_a_guardian(state: VaultState) -> VaultState:
    """Return the state with nobody as guardian."""
    return replace(state, officers=state.officers | {"guardian": ""})


def test_apply__when_both_agree__returns_the_outcome_and_keeps_the_state() -> None:
    """Agreement is silent."""
    lockstep = pair()
    outcome = lockstep.apply(OPENING)
    assert isinstance(outcome, Done)
    assert outcome.value == 1
    assert lockstep.state == lockstep.vault.observe()
    assert lockstep.steps[-1] == OPENING


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_done(value=2), "returned: model 1, vault 2"),
        (spoil_done(events=()), "event 1: model Event(emitter='vault', name='Accrued'"),
        (lambda _: Done(1, ()), "event 4: model Event(emitter='token', name='Transfer'"),
    ],
)
def test_apply__with_another_success__tells_what_differs(spoil: Any, told: str) -> None:
    """Returned values and events are compared one by one."""
    lockstep = pair()
    lockstep.vault.spoil_outcome = spoil
    with pytest.raises(Divergence) as divergence:
        lockstep.apply(OPENING)
    assert told in str(divergence.value)


def test_apply__with_a_success_for_a_refusal__tells_both() -> None:
    """A refusal is an outcome like any other, its arguments included."""
    lockstep = pair()
    lockstep.vault.spoil_outcome = lambda _: Done(None, ())
    with pytest.raises(Divergence, match=r"model Refused\(NoPosition\(7,\)\), vault Done\(None\)"):
        lockstep.apply(Step(Liquidate(LIQUIDATORS[0], 7), 1))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            with_more_margin,
            "positions[1]: model PositionState(owner='trader_1', size=1000000000000000000, margin=",
        ),
        (with_an_operator, "operators: model set(), vault {('trader_1', 'operator')} alone"),
        (without_a_guardian, "officers['guardian']: model guardian, vault "),
    ],
)
def test_apply__with_another_state__tells_what_differs(spoil: Any, told: str) -> None:
    """Only what differs is told, by its place."""
    lockstep = pair()
    lockstep.apply(OPENING)
    lockstep.vault.spoil_state = spoil
    with pytest.raises(Divergence) as divergence:
        lockstep.apply(Step(AddMargin(TRADER, 1, 1), 1))
    assert told in str(divergence.value)
    assert len(divergence.value.differences) == 1


def test_divergence__names_the_step_and_carries_the_program() -> None:
    """The program up to the difference is what a report prints and a test replays."""
    lockstep = pair()
    lockstep.vault.spoil_outcome = spoil_done(value=99)
    with pytest.raises(Divergence) as divergence:
        lockstep.apply(OPENING)
    assert divergence.value.program == (*STANDARD.opening(), OPENING)
    assert str(divergence.value).startswith(
        f"step {len(STANDARD.opening()) + 1}: Step(action=Open(account='trader_1'"
    )


def test_lockstep__of_two_that_start_apart__diverges_at_once() -> None:
    """Programs begin in the same state or not at all."""
    early, late = (ReferenceVault(STANDARD, deployed_at=at, ready_at=2_000) for at in (1_000, 1_001))
    with pytest.raises(Divergence, match="the start"):
        Lockstep(early, late)


def test_restore__brings_both_back_as_often_as_wanted(lockstep: Lockstep[Any, Any]) -> None:
    """State, steps, time and what is in the feed are those of the mark."""
    lockstep.apply(OPENING)
    mark, state, steps = lockstep.snapshot(), lockstep.state, list(lockstep.steps)
    for seconds in (1, 2):
        lockstep.apply(Step(SetPrice(OWNER, 1_500 * 10**8, 0), seconds))
        lockstep.apply(Step(SetOperator(TRADER, OPERATOR, True), 0))
        lockstep.apply(Step(Liquidate(LIQUIDATORS[0], 1), 5))
        assert lockstep.state != state
        lockstep.restore(mark)
        assert lockstep.state == lockstep.vault.observe() == state
        assert lockstep.steps == steps

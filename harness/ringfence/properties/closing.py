"""How an owner closes a position: at once, or by an order that somebody executes later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ringfence.properties.book import ValuedState
from ringfence.properties.branch import Branch, Trial
from ringfence.properties.transition import wealth
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Outcome, Refused
from ringfence.types.roles import LIQUIDATORS
from ringfence.types.state import VaultState


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of closing a position: the last ``action`` for it, and what its owner got by that.

    ``book`` values the state before that action, when it was carried out; None without a price then.
    ``wallet`` is of the collateral alone, ``gain`` of all that the owner has.
    """

    action: Action
    outcome: Outcome
    book: ValuedState | None
    wallet: int
    gain: int

    @property
    def is_refused(self) -> bool:
        """Return whether it was refused."""
        return isinstance(self.outcome, Refused)

    @property
    def is_declared(self) -> bool:
        """Return whether it was refused in a way that the action's declaration expects."""
        return is_declared(self.action, self.outcome)


def is_declared(action: Action, outcome: Outcome) -> bool:
    """Return whether an action was refused in a way that its declaration expects."""
    expected = action.refusals or frozenset()
    return isinstance(outcome, Refused) and bool({outcome.label, outcome.error} & expected)


Close: TypeAlias = Callable[[Branch, Trial, int, VaultState], Closed]
"""Closes a position in a trial, which is in this state."""


def at_once(branch: Branch, trial: Trial, position: int, state: VaultState) -> Closed:
    """Close a position by an action that does it."""
    return _sent(trial, branch.closing(position), 0, position, state)


def by_order(branch: Branch, trial: Trial, position: int, state: VaultState) -> Closed:
    """Ask for a close, and have it executed as soon as it can be, by somebody else."""
    asked = _sent(trial, branch.closing(position, Kind.ASKS_TO_CLOSE), 0, position, state)
    if asked.is_refused:
        return asked
    execution = branch.actions.make(Kind.EXECUTES, LIQUIDATORS[0], position=position)
    return _sent(trial, execution, branch.execution_delay, position, trial.observe())


def _sent(trial: Trial, action: Action, seconds: int, position: int, state: VaultState) -> Closed:
    owner = state.positions[position].owner
    outcome = trial.apply(action, seconds)
    had, has = state.account(owner), trial.observe().account(owner)
    book = trial.book_of(state)
    return Closed(action, outcome, book, has.tokens - had.tokens, wealth(has) - wealth(had))

"""What a step has reached: the action, what came of it, and what the vault says of the state that it found.

Anything hashable is a feature. More of them, branches of the Solidity sources say, come from a ``Tracer``.
"""

from collections.abc import Hashable, Sequence
from typing import Any, Protocol, TypeAlias

from ringfence.engine.stats import DONE, Stats
from ringfence.types.actions import CallSequence, Step
from ringfence.types.outcome import Outcome, Refused

Feature: TypeAlias = Hashable


class Features:
    """What a vault's own steps reach, for guidance and for what a search must meet: an ability.

    A base, which says what can be said of any vault: action, end, the position's side, and the sides that are
    open.
    """

    def of(self, step: Step, outcome: Outcome, look: Any) -> Feature:
        """Return the situation that a step was in; ``look`` is what its generator saw before it: the state,
        of a vault without rules of its own.
        """
        end = outcome.error if isinstance(outcome, Refused) else DONE
        held = look.positions.get(step.action.position_named or 0)
        side = 0 if held is None else 1 if held.size > 0 else -1
        sides = frozenset(each.size > 0 for each in look.positions.values())
        return step.action.name, end, side, len(sides)

    def events(self, step: Step, outcome: Outcome, look: Any) -> Sequence[str]:
        """Return the rare events that an outcome shows."""
        return ()

    def refused_by(self, step: Step, outcome: Refused) -> str:
        """Return the contract that refused a step, ``""`` if it is not known."""
        return ""

    def missing(self, stats: Stats) -> list[str]:
        """Return what should have happened and never did, a sentence each."""
        return []


class Tracer(Protocol):
    """Sees of whole call sequences what no single step shows."""

    def new(self, market: str, sequence: CallSequence) -> frozenset[Feature]:
        """Return what a sequence reaches that none before it did, in any market."""
        ...

    def all(self, market: str, sequence: CallSequence) -> frozenset[Feature]:
        """Return all that a sequence reaches."""
        ...

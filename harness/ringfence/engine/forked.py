"""A reference model that can't be rewound by itself, rewound by copying it."""

import copy
from dataclasses import replace
from typing import Any

from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState


class Forked:
    """Passes everything on to a reference model; a mark is a copy of it."""

    def __init__(self, reference: Any) -> None:
        self._reference = reference

    def apply(self, step: Step) -> Outcome:
        """Return what the reference says."""
        outcome: Outcome = self._reference.apply(step)
        return replace(outcome, events=()) if isinstance(outcome, Done) else outcome

    def observe(self) -> VaultState:
        """Return what the reference says."""
        state: VaultState = self._reference.observe()
        return state

    def snapshot(self) -> object:
        """Return a copy."""
        return copy.deepcopy(self._reference)

    def restore(self, mark: object) -> None:
        """Go back to a copy, which stays good."""
        self._reference = copy.deepcopy(mark)

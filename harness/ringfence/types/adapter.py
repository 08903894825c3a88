"""The seam between the harness and a vault: implement two methods, and a vault can be tested."""

from typing import Protocol

from ringfence.types.actions import Step
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState


class VaultAdapter(Protocol):
    """What a vault must offer to be tested."""

    def apply(self, step: Step) -> Outcome:
        """Send the step's action in its block; say what came of it. Refusals are values, never exceptions."""
        ...

    def observe(self) -> VaultState:
        """Read the state back."""
        ...


class Rewindable(Protocol):
    """An optional ability: to go back to an earlier state, as often as wanted."""

    def snapshot(self) -> object:
        """Return a mark of the present state."""
        ...

    def restore(self, mark: object) -> None:
        """Go back to the state of ``mark``, which stays good; marks made after it are lost."""
        ...


class RewindableVault(VaultAdapter, Rewindable, Protocol):
    """A vault that can be tested many times from one start."""

"""A vault that remembers every course of steps that was tried on it, whatever was undone in between."""

from dataclasses import dataclass
from typing import Any

from ringfence.types.actions import CallSequence, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState


@dataclass(frozen=True, slots=True)
class RecorderMark:
    """A mark of the vault, and how many steps had led there."""

    vault: object
    steps: int


class Recorder:
    """Passes everything on to a vault. ``courses`` are the steps from the start to every state reached."""

    def __init__(self, vault: RewindableVault) -> None:
        self.courses: dict[CallSequence, None] = {}  # in the order they were tried
        self._vault = vault
        self._course: list[Step] = []

    def __getattr__(self, name: str) -> Any:
        """Return whatever else the vault can do."""
        return getattr(self._vault, name)

    def apply(self, step: Step) -> Outcome:
        """Apply a step."""
        self._course.append(step)
        self.courses[tuple(self._course)] = None
        return self._vault.apply(step)

    def observe(self) -> VaultState:
        """Return the vault's state."""
        return self._vault.observe()

    def snapshot(self) -> RecorderMark:
        """Return a mark of the present state."""
        return RecorderMark(self._vault.snapshot(), len(self._course))

    def restore(self, mark: object) -> None:
        """Go back to ``mark``."""
        assert isinstance(mark, RecorderMark)
        self._vault.restore(mark.vault)
        del self._course[mark.steps :]

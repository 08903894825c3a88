"""A vault and its model in step, with every law looking at the vault, also after the two differ.

That they differ is looked at as the breach of one more law, ``MODEL``: the vault does what the model does.
"""

from collections.abc import Iterable
from typing import Final

from ringfence.actions import Step
from ringfence.adapter import RewindableVault
from ringfence.inspection import Inspection
from ringfence.lockstep import Lockstep, Mark
from ringfence.outcome import Outcome
from ringfence.properties import Breach
from ringfence.reference import ReferenceVault
from ringfence.state import VaultState


class Watched:
    """An inspection behind the seam of a vault. ``breaches`` are those of the steps since the origin."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self.breaches: list[Breach] = []

    def apply(self, step: Step) -> Outcome:
        """Apply a step, and look at it by every law."""
        outcome, breaches = self.inspection.apply(step)
        self.breaches += breaches
        return outcome

    def observe(self) -> VaultState:
        """Return the state that the inspection has seen."""
        return self.inspection.state

    def snapshot(self) -> object:
        """Return a mark of the origin, the only state that an inspection goes back to."""
        assert not self.inspection.transitions, "only the origin can be marked"
        return None

    def restore(self, mark: object) -> None:
        """Go back to the origin."""
        self.inspection.restart()
        self.breaches = []


MODEL: Final = "MODEL"


class Contest(Lockstep[RewindableVault, ReferenceVault]):
    """Laws are looked at first, then vault and model are compared; ``differences`` are the first of a run."""

    def __init__(self, inspection: Inspection, model: ReferenceVault) -> None:
        """Take a vault at its origin, and a model in the same state."""
        self.differences: tuple[str, ...] = ()
        self.watched = Watched(inspection)
        super().__init__(self.watched, model)

    def restore(self, mark: Mark) -> None:
        """Go back to the origin."""
        super().restore(mark)
        self.differences = ()

    @property
    def breaches(self) -> list[Breach]:
        """Return what the steps since the origin broke, and whether vault and model have differed."""
        differing = [Breach(MODEL, self.differences[0])] if self.differences else []
        return self.watched.breaches + differing

    def _diverge(self, differences: Iterable[str]) -> None:
        self.differences = self.differences or tuple(differences)

"""A vault and its model in step, with every law looking at the vault, also after the two differ.

That they differ is looked at as the violation of one more law, ``MODEL``: the vault does what the model does.
"""

from collections.abc import Callable, Iterable
from typing import Final

from ringfence.engine.inspection import Inspection
from ringfence.engine.lockstep import Lockstep, Mark
from ringfence.properties import Violation
from ringfence.types.actions import Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault

MODEL: Final = "MODEL"


class Watched:
    """An inspection behind the seam of a vault. ``chosen`` decides, for each probe, after each step."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self.violations: list[Violation] = []
        self.broken_at: dict[str, int] = {}  # steps done when a law was first seen broken
        self.chosen: Callable[[], bool] = lambda: False

    def apply(self, step: Step) -> Outcome:
        """Apply a step, and look at it by every law."""
        outcome, violations = self.inspection.apply(step)
        self.note(violations + self.inspection.probe(self.chosen))
        return outcome

    def note(self, violations: Iterable[Violation]) -> None:
        """Remember violations that were seen now."""
        for violation in violations:
            self.violations.append(violation)
            self.broken_at.setdefault(violation.property_id, len(self.inspection.transitions))

    def observe(self) -> VaultState:
        """Return the state that the inspection has seen."""
        return self.inspection.state

    def snapshot(self) -> object:
        """Return a mark of the origin, the only state that an inspection goes back to."""
        assert not self.inspection.transitions, "only the origin can be marked"
        return None

    def restore(self, mark: object) -> None:
        """Go back to the origin, and look at it."""
        self.inspection.restart()
        self.violations, self.broken_at = [], {}
        self.note(self.inspection.probe_origin())


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

    def end(self) -> list[Violation]:
        """Probe the end of a run and relive it; return all that was broken since the origin."""
        self.watched.note(self.watched.inspection.end())
        return self.watched.violations

    def _diverge(self, differences: Iterable[str]) -> None:
        if not self.differences:
            self.differences = tuple(differences)
            self.watched.note([Violation(MODEL, self.differences[0])])

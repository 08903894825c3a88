"""Where a run takes place: on a system that properties check, or on a comparison with the reference alone."""

from collections.abc import Callable
from typing import Any, TypeAlias

from ringfence.engine.comparison import FastComparison, Mismatched
from ringfence.engine.speculation import Speculation
from ringfence.engine.storage_watch import StorageWatch
from ringfence.engine.system import MODEL, System
from ringfence.properties import Violation
from ringfence.types.actions import Step
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done, Outcome


class CheckedExecutor:
    """A system under all properties; ``speculation`` chooses those that try something.

    ``found`` is the first violation that is wanted.
    """

    def __init__(
        self,
        system: System,
        wanted: Callable[[Violation], bool],
        speculation: Speculation,
        watch: StorageWatch | None,
    ) -> None:
        self.system, self.found = system, None
        self._wanted, self._speculation, self._storage = wanted, speculation, watch

    found: Violation | None

    @property
    def model(self) -> Any:
        """Return the reference model, None without one."""
        return self.system.reference

    def restart(self) -> None:
        """Go back to the opening."""
        self.system.restart()
        self.found = None
        self._look(self.system.violations + self.system.speculate_at_origin())

    def apply(self, step: Step) -> Outcome:
        """Carry out a step, and try what properties would try after it."""
        before = self._storage.before(step.action, self.system.state) if self._storage else None
        outcome, violations = self.system.apply(step)
        if before is not None and self._storage and isinstance(outcome, Done):
            self._storage.after(before, step, self.system.state)
        self._look(violations)
        if self.found is None:
            self._look(self.system.speculate(self._speculation.after_step))
        return outcome

    def opened(self, step: Step, outcome: Outcome) -> int | None:
        """Return the position that the last step opened, if it did."""
        return self.system.opened[-1] if step.action.kind is Kind.OPENS else None

    def finish(self) -> None:
        """Probe the end of the run, and repeat the run changed."""
        self._look(self.system.end(self._speculation.at_end))

    def _look(self, violations: list[Violation]) -> None:
        if self.found is None:
            self.found = next(filter(self._wanted, violations), None)


class ComparedExecutor:
    """A comparison: whatever differs is found, and a replay on a system shows what it is."""

    def __init__(self, comparison: FastComparison) -> None:
        self._comparison = comparison
        self.found: Violation | None = None

    @property
    def model(self) -> Any:
        """Return the reference model."""
        return self._comparison.model

    def restart(self) -> None:
        """Go back to the opening."""
        self._comparison.restart()
        self.found = None

    def apply(self, step: Step) -> Outcome:
        """Carry out a step on vault and reference model."""
        try:
            return self._comparison.apply(step)
        except Mismatched:
            self.found = Violation(MODEL, "")
            return Done(None, ())

    def opened(self, step: Step, outcome: Outcome) -> int | None:
        """Return the position that the last step opened, if it did."""
        if step.action.kind is not Kind.OPENS or not isinstance(outcome, Done):
            return None
        return outcome.value if isinstance(outcome.value, int) else None

    def finish(self) -> None:
        """Compare all that was not."""
        try:
            self._comparison.finish()
        except Mismatched:
            self.found = Violation(MODEL, "")


Executor: TypeAlias = CheckedExecutor | ComparedExecutor
"""One vault at one point of a run."""

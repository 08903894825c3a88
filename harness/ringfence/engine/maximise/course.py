"""A run on a vault as a search for damage makes it: prices move only so far, and no law looks on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from ringfence.engine.exhibit import Exhibit
from ringfence.engine.inspection import Inspection
from ringfence.engine.maximise.quantities import Quantity
from ringfence.properties.abilities import Ability
from ringfence.properties.history import opened_by
from ringfence.types.actions import CallSequence, Step
from ringfence.vaults.isolated_margin.actions import SetPrice

PPM: Final = 10**6


class Course:
    """Steps from a vault's opening on; no law looks at them."""

    def __init__(self, shown: Exhibit, quantity: Quantity, most_ppm: int) -> None:
        """Take a vault at its opening; one price may be ``most_ppm`` from the one before."""
        self.inspection: Inspection = shown.inspection
        self.inspection.checker = self.inspection.checker.only()
        self.model = shown.model
        self._shown, self._quantity, self._most_ppm = shown, quantity, most_ppm
        shares = Ability.SAME_BLOCK in self.inspection.abilities
        self._still = 0 if shares else 1  # seconds

    def restart(self) -> None:
        """Go back to the opening."""
        self._shown.restart()

    def do(self, step: Step) -> bool:
        """Do a step as far as the search allows it; return whether it was allowed at all."""
        if not self._quantity.admits(step.action):
            return False
        allowed = self._limited(step)
        self.inspection.apply(allowed)
        if self.model:
            self.model.apply(allowed)
        return True

    def allows(self, program: CallSequence) -> bool:
        """Return whether a program can be done as it is; it is done for that, from the opening on."""
        self.restart()
        return all(self.do(step) and self.inspection.transitions[-1].step == step for step in program)

    @property
    def program(self) -> CallSequence:
        """Return the steps that were done."""
        return tuple(t.step for t in self.inspection.transitions)

    @property
    def opened(self) -> Sequence[int | None]:
        """Return the position that each step opened, if it did."""
        return opened_by(self.inspection.transitions)

    def worst(self) -> tuple[int, int]:
        """Return the quantity at its largest, and after how many steps."""
        return self._quantity.worst(self.inspection.transitions)

    def _limited(self, step: Step) -> Step:
        seconds = self._still if self._quantity.is_still else step.seconds
        action, now = step.action, self.inspection.moment.answer
        if isinstance(action, SetPrice) and now > 0:
            most = now * self._most_ppm // PPM
            action = replace(action, answer=max(now - most, min(action.answer, now + most)))
        return Step(action, seconds)


class Drawer(Protocol):
    """Draws what is done next on a course."""

    def restart(self, course: Course) -> None:
        """Begin a run, or what comes after steps that were done again."""
        ...

    def play(self, course: Course) -> None:
        """Do a step, or a few that belong together."""
        ...

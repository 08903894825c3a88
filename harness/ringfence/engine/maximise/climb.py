"""Simulated annealing over programs, with restarts: the best is changed, and at times a worse one kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from random import Random
from time import monotonic
from typing import Final

from ringfence.engine.generators.mutation import Kept, again, mutated
from ringfence.engine.maximise.course import Course, Drawer
from ringfence.engine.maximise.scaling import scaled
from ringfence.engine.trimming import trimmed
from ringfence.types.actions import CallSequence

LENGTHS: Final = (4, 8, 16, 32)  # rules of a fresh run
AFTERMATH: Final = (0, 0, 0, 1, 2)  # rules played after a changed program
FRESH: Final = 24  # runs drawn before the best of them is climbed from
FLAT: Final = 0.5  # of all runs are drawn afresh while nothing shows which way is up
PATIENCE: Final = 160  # runs that find nothing better before it starts afresh
HEAT: Final = 0.2  # of the value: how much worse is as good as kept, at first
COOLING: Final = 0.97  # a run
SCALED: Final = 0.4  # of all changes; the rest are the explorer's
MOST_STEPS: Final = 64  # of a program


@dataclass(slots=True)
class Found:
    """The worst so far: ``program`` ends where the quantity is first ``value``, in assets."""

    value: int = 0
    program: CallSequence = ()
    runs: int = 0
    steps: int = 0
    seconds: float = 0.0
    restarts: int = 0
    is_interrupted: bool = False


class Climb:
    """Looks for the program with the largest value. Without ``climbing`` every run is drawn afresh."""

    def __init__(self, course: Course, drawer: Drawer, random: Random, *, climbing: bool = True) -> None:
        self._course, self._drawer, self._random = course, drawer, random
        self._climbing = climbing
        self._here: tuple[int, Kept] | None = None
        self._peaks: list[Kept] = []  # where each climb ended
        self._drawn = self._without_gain = 0
        self._heat = HEAT
        self.found = Found()

    def run(
        self,
        *,
        seconds: float | None = None,
        steps: int | None = None,
        told: Callable[[Found], None] = lambda found: None,
    ) -> Found:
        """Look until so many seconds have passed, or so many steps were made, or the user interrupts."""
        found, begun = self.found, monotonic()
        try:
            while (steps is None or found.steps < steps) and (seconds is None or found.seconds < seconds):
                self._try()
                found.seconds = monotonic() - begun
                told(found)
        except KeyboardInterrupt:
            found.is_interrupted = True
        return found

    def _try(self) -> None:
        """Make a run, keep it if it is the worst, and decide where to go on from."""
        is_fresh = not self._climbing or self._here is None or self._drawn < FRESH
        is_fresh = is_fresh or (
            self._here is not None and self._here[0] == 0 and self._random.random() < FLAT
        )
        if is_fresh:
            self._draw()
        else:
            self._change()
        value, kept = self._value()
        if not kept.program:
            return
        if is_fresh:
            self._drawn += 1
            if self._here is None or value > self._here[0]:
                self._here = value, kept
            if self._climbing and self._drawn == FRESH:
                self._here = self._trimmed(*self._here)
        else:
            self._step_to(value, kept)

    def _draw(self) -> None:
        self._course.restart()
        self._drawer.restart(self._course)
        for _ in range(self._random.choice(LENGTHS)):
            self._drawer.play(self._course)

    def _change(self) -> None:
        """Do a changed program: a value, a step more or less, the head of one and the tail of another."""
        assert self._here is not None
        here = self._here[1]
        if self._random.random() < SCALED:
            plan = scaled(again(here), self._random)
        else:
            plan = mutated(here, self._random.choice([here, *self._peaks]), self._random)
        self._course.restart()
        self._drawer.restart(self._course)
        for each in plan[:MOST_STEPS]:
            if each is None:
                self._drawer.restart(self._course)
                self._drawer.play(self._course)
            elif self._course.do(each.named()):
                each.note(self._course.opened[-1])
        self._drawer.restart(self._course)
        for _ in range(self._random.choice(AFTERMATH)):
            self._drawer.play(self._course)

    def _value(self) -> tuple[int, Kept]:
        """Return what the run came to, and the run as far as it is needed for that."""
        found, (value, last) = self.found, self._course.worst()
        program, opened = self._course.program, self._course.opened
        found.runs += 1
        found.steps += len(program)
        if value > found.value:
            found.value, found.program = value, program[:last]
        length = last if value else len(program)
        return value, Kept(program[:length], opened[:length])

    def _trimmed(self, value: int, kept: Kept) -> tuple[int, Kept]:
        """Return a run without the steps that its value does not need: from a short one more is tried."""

        def reaches(program: CallSequence) -> Sequence[int | None] | None:
            is_as_bad = self._course.allows(program) and self._course.worst()[0] >= value
            self.found.steps += len(self._course.program)
            return list(self._course.opened) if is_as_bad else None

        program, opened = trimmed(tuple(kept.program), reaches)
        return value, kept if opened is None else Kept(program, opened)

    def _step_to(self, value: int, kept: Kept) -> None:
        """Go on from a run that is no worse, or not much worse while it is still hot."""
        assert self._here is not None
        now = self._here[0]
        self._heat *= COOLING
        self._without_gain = 0 if value > now else self._without_gain + 1
        if value == now:
            is_next = len(kept.program) <= len(self._here[1].program)
        else:
            worse = (now - value) / (self._heat * max(now, 1))
            is_next = value > now or self._random.random() < exp(-worse)
        if is_next:
            self._here = value, kept
        if self._without_gain >= PATIENCE:
            self._peaks.append(self._here[1])
            self._here, self._drawn, self._without_gain, self._heat = None, 0, 0, HEAT
            self.found.restarts += 1

"""A search, looked at for what it reaches of the sources."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, Protocol

from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.reached import Reached

LOOKS_EVERY: Final = 0.5  # seconds: looking takes milliseconds


class CannotGoOn(Exception):
    """A search found something else to tell of. The message is one sentence."""


class Searching(Protocol):
    """What can be run on marked sources."""

    marking: Marking

    def run(self) -> int:
        """Make one run; return how many steps were made, 0 when nothing is left to do. Raises CannotGoOn."""
        ...

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached so far."""
        ...


@dataclass(slots=True)
class Covered:
    """What was done, and what it reached; ``stopped`` is why it ended before its time."""

    runs: int = 0
    steps: int = 0
    seconds: float = 0.0
    hits: frozenset[int] = frozenset()
    stopped: str = ""
    is_interrupted: bool = False


def cover(
    search: Searching,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    told: Callable[[Covered], None] = lambda covered: None,
) -> Covered:
    """Make runs until the seconds or the steps are spent, nothing is left, or the user interrupts."""
    done, begun, looked = Covered(), monotonic(), 0.0
    try:
        while not _is_spent(done, seconds, steps):
            made = search.run()
            if not made:
                break
            done.runs += 1
            done.steps += made
            done.seconds = monotonic() - begun
            if done.seconds - looked >= LOOKS_EVERY:
                looked, done.hits = done.seconds, search.hits()
                told(done)
    except CannotGoOn as refusal:
        done.stopped = str(refusal)
    except KeyboardInterrupt:
        done.is_interrupted = True
    done.hits, done.seconds = search.hits(), monotonic() - begun
    return done


def reached_by(search: Searching, done: Covered) -> Reached:
    """Return what a search has reached of its sources."""
    return Reached(search.marking.points, search.marking.texts, done.hits)


def _is_spent(done: Covered, seconds: float | None, steps: int | None) -> bool:
    return (seconds is not None and done.seconds >= seconds) or (steps is not None and done.steps >= steps)

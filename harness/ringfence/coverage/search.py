"""A search whose runs are looked at for what they reach: those that reach something new are kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from ringfence.actions import Program
from ringfence.coverage.instrument import Marking
from ringfence.coverage.reached import Reached


@dataclass(frozen=True, slots=True)
class Run:
    """A program from a market's opening on."""

    market: str
    program: Program


class Searching(Protocol):
    """What can be run on marked sources."""

    marking: Marking

    def run(self) -> Run:
        """Make one run."""
        ...

    def hits(self, market: str) -> frozenset[int]:
        """Return the numbers of the points that all runs in a market have reached."""
        ...


@dataclass(slots=True)
class Covered:
    """What runs have reached; ``kept`` are those that reached something first."""

    runs: int = 0
    steps: int = 0
    seconds: float = 0.0
    hits: set[int] = field(default_factory=set)
    kept: list[Run] = field(default_factory=list)
    is_interrupted: bool = False


def cover(
    search: Searching,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    told: Callable[[Covered], None] = lambda covered: None,
) -> Covered:
    """Make runs until the seconds or the steps are spent, or the user interrupts."""
    done, begun = Covered(), monotonic()
    try:
        while not _is_spent(done, seconds, steps):
            run = search.run()
            hits = search.hits(run.market)
            if not hits <= done.hits:
                done.hits |= hits
                done.kept.append(run)
            done.runs += 1
            done.steps += len(run.program)
            done.seconds = monotonic() - begun
            told(done)
    except KeyboardInterrupt:
        done.is_interrupted = True
    return done


def reached_by(search: Searching, done: Covered) -> Reached:
    """Return what a search has reached of its sources."""
    return Reached(search.marking.points, search.marking.texts, frozenset(done.hits))


def _is_spent(done: Covered, seconds: float | None, steps: int | None) -> bool:
    return (seconds is not None and done.seconds >= seconds) or (steps is not None and done.steps >= steps)

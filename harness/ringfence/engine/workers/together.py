"""What the turns of many workers come to: findings brought together by their causes, laws by their counts."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Generic, TypeAlias, TypeVar

from ringfence.engine.canary import Canaries
from ringfence.engine.contest import MODEL
from ringfence.engine.disagreement import Disagreement
from ringfence.engine.features import Feature
from ringfence.engine.hunt import Catch
from ringfence.engine.search import Caught
from ringfence.engine.workers.turns import Told

WHICH: Final = re.compile(r"\[.*?\]|\d+")  # of many positions, accounts or events; and how much
NUMBER: Final = re.compile(r"-?(0x[0-9a-f]+|\d+)")

Cause: TypeAlias = tuple[str, str, str]
F = TypeVar("F", bound=Disagreement | Catch | Caught)
T = TypeVar("T", bound=Told)


@dataclass(slots=True)
class Together(ABC, Generic[T, F]):
    """What all workers have done together. ``processor_seconds`` are those of all turns.

    ``findings`` are one for each cause, in the order in which they came; ``seen`` says how often each cause
    came. ``deaths`` names every worker that died, a sentence each; ``news`` are sentences for whoever
    follows: who started, and who died. ``tested`` says how often each law was put to the test, ``untested``
    are laws that apply and never were, by any worker. ``canaries``: whether all workers saw what they must.
    """

    seed: int
    workers: int
    seconds: float = 0.0
    processor_seconds: float = 0.0
    reached: set[Feature] = field(default_factory=set)
    findings: dict[Cause, F] = field(default_factory=dict)
    seen: Counter[Cause] = field(default_factory=Counter)
    tested: Counter[str] = field(default_factory=Counter)
    applicable: set[str] = field(default_factory=set)
    deaths: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    canaries: Canaries = field(default_factory=Canaries)
    complaint: str = ""
    is_interrupted: bool = False

    steps_a_turn: ClassVar[int] = 1_000

    @property
    @abstractmethod
    def steps(self) -> int:
        """Return the steps of all workers."""

    @property
    @abstractmethod
    def counted(self) -> int:
        """Return those of them that count against a budget of steps."""

    @property
    def is_over(self) -> bool:
        """Return whether a turn has told what makes going on senseless."""
        return False

    @property
    def untested(self) -> tuple[str, ...]:
        """Return the laws that apply and were never put to the test."""
        return tuple(sorted(law for law in self.applicable if not self.tested[law]))

    def add(self, turn: T) -> None:
        """Bring in what a turn has done."""
        self.processor_seconds += turn.seconds
        self.reached.update(turn.reached)
        self.tested.update(turn.tested)
        self.applicable.update(turn.tested, turn.untested)
        self.canaries = _seen_by_both(self.canaries, turn.canaries)
        self.complaint = turn.complaint or self.complaint
        for found in self._take(turn):
            cause = cause_of(found)
            self.findings.setdefault(cause, found)
            self.seen[cause] += 1

    @abstractmethod
    def _take(self, turn: T) -> Sequence[F]:
        """Bring in what only a search of this kind tells; return what it has found."""


def _seen_by_both(first: Canaries, second: Canaries) -> Canaries:
    """Return what both searches saw; where one had nothing to see by, the other decides."""

    def both(*seen: bool | None) -> bool | None:
        told = [each for each in seen if each is not None]
        return all(told) if told else None

    return Canaries(both(first.law, second.law), both(first.comparison, second.comparison))


def cause_of(found: Disagreement | Catch | Caught) -> Cause:
    """Return the law, the last action, and what differs or is complained of, without its numbers."""
    action = type(found.program[-1].action).__name__ if found.program else "opening"
    if isinstance(found, Disagreement):
        return MODEL, action, _kind(found.differences)
    if isinstance(found, Catch):
        return found.law, action, _kind(found.differs)
    told = found.complaint
    return found.law, action, _kind((told,)) if found.law == MODEL else NUMBER.sub("N", told)


def _kind(differences: tuple[str, ...]) -> str:
    return WHICH.sub("", differences[0].partition(":")[0]).strip() if differences else ""

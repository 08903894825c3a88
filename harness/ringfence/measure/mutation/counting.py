"""A score that leaves nothing out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from ringfence.measure.mutation.equivalents import Equivalent
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import ALIVE, Verdict

COLUMNS: Final = {
    "mutants": "selected",
    "killed": "killed",
    "by test": "killed_by_test",
    "survived": "survived",
    "equivalent": "equivalent",
    "timed out": "timed_out",
    "same code": "same_code",
    "invalid": "invalid",
    "score": "score",
}
ENDS: Final = (
    *("killed", "killed_by_test", "survived", "equivalent", "timed_out", "same_code", "invalid", "not_run"),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How some mutants ended; ``equivalent`` survived, or timed out, and are listed with an argument."""

    selected: int
    killed: int
    killed_by_test: int
    survived: int
    equivalent: int
    timed_out: int
    same_code: int
    invalid: int
    not_run: int

    @property
    def scored(self) -> int:
        """Return how many count: they compile, to other bytecode."""
        return self.selected - self.same_code - self.invalid

    @property
    def score(self) -> str:
        """Return the killed among those that count, in percent rounded down to a tenth.

        A survivor counts as one, equivalent or not; without all of them run there is no score.
        """
        return self._share_of(self.scored)

    @property
    def score_of_others(self) -> str:
        """Return the same without the equivalent ones, which nobody could tell from the vault."""
        return self._share_of(self.scored - self.equivalent)

    @property
    def cells(self) -> list[str]:
        """Return the count as texts, in the order of the columns."""
        return [str(getattr(self, name)) for name in COLUMNS.values()]

    def plain(self) -> dict[str, Any]:
        """Return the count as JSON takes it."""
        return asdict(self) | {"scored": self.scored, "score": self.score}

    def _share_of(self, count: int) -> str:
        if self.not_run:
            return "not all were run"
        if not count:
            return "none counts"
        tenths = 1000 * (self.killed + self.killed_by_test) // count
        return f"{tenths // 10}.{tenths % 10} %"


def count(
    mutants: Iterable[Mutant], verdicts: Mapping[str, Verdict], equivalents: Mapping[str, Equivalent]
) -> Count:
    """Count what became of some mutants."""
    ends = Counter(_end(verdicts.get(mutant.id), mutant.id in equivalents) for mutant in mutants)
    return Count(ends.total(), **{name: ends[name] for name in ENDS})


def _end(verdict: Verdict | None, is_listed: bool) -> str:
    if verdict is None:
        return "not_run"
    return "equivalent" if verdict.fate in ALIVE and is_listed else verdict.fate.name.lower()

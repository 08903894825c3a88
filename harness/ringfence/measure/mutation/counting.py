"""A score that leaves nothing out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ringfence.measure.mutation.equivalents import Equivalent
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import ALIVE, Verdict

COLUMNS: Final = {  # of a table: what a mutant's end is called there
    "killed": "killed",
    "by test": "killed_by_test",
    "survived": "survived",
    "equivalent": "equivalent",
    "timed out": "timed_out",
    "same code": "same_code",
    "invalid": "invalid",
}
HEADS: Final = ("mutants", *COLUMNS, "score")
NOT_RUN: Final = "not_run"


@dataclass(frozen=True, slots=True)
class Count:
    """How some mutants ended; ``equivalent`` survived, or timed out, and are listed with an argument."""

    ends: Counter[str]

    @property
    def killed(self) -> int:
        """Return how many were noticed."""
        return self.ends["killed"] + self.ends["killed_by_test"]

    @property
    def scored(self) -> int:
        """Return how many count: they compile, to other bytecode."""
        return self.ends.total() - self.ends["same_code"] - self.ends["invalid"]

    @property
    def score(self) -> str:
        """Return the killed among those that count, in percent rounded down to a tenth.

        A survivor counts as one, equivalent or not; without all of them run there is no score.
        """
        return self._share_of(self.scored)

    @property
    def score_of_others(self) -> str:
        """Return the same without the equivalent ones, which nobody could tell from the vault."""
        return self._share_of(self.scored - self.ends["equivalent"])

    @property
    def cells(self) -> list[str]:
        """Return the count as texts, in the order of the columns."""
        ends = (self.ends[end] for end in COLUMNS.values())
        return [*map(str, (self.ends.total(), *ends)), self.score]

    def plain(self) -> dict[str, Any]:
        """Return the count as JSON takes it."""
        ends = {end: self.ends[end] for end in (*COLUMNS.values(), NOT_RUN)}
        return {"selected": self.ends.total(), **ends, "scored": self.scored, "score": self.score}

    def _share_of(self, count: int) -> str:
        if self.ends[NOT_RUN]:
            return "not all were run"
        if not count:
            return "none counts"
        tenths = 1000 * self.killed // count
        return f"{tenths // 10}.{tenths % 10} %"


def count(
    mutants: Iterable[Mutant], verdicts: Mapping[str, Verdict], equivalents: Mapping[str, Equivalent]
) -> Count:
    """Count what became of some mutants."""
    return Count(Counter(_end(verdicts.get(mutant.id), mutant.id in equivalents) for mutant in mutants))


def _end(verdict: Verdict | None, is_listed: bool) -> str:
    if verdict is None:
        return NOT_RUN
    return "equivalent" if verdict.fate in ALIVE and is_listed else verdict.fate.name.lower()

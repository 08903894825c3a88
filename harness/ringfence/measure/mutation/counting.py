"""A score that leaves nothing out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ringfence.measure.mutation.argued import Argument
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import ALIVE, Fate, Verdict

ARGUED: Final = "argued"


@dataclass(frozen=True, slots=True)
class Row:
    """How some mutants ended. ``argued`` survived, or timed out, with an argument."""

    selected: int
    killed: int
    killed_by_test: int
    survived: int
    argued: int
    timed_out: int
    equivalent: int
    stillborn: int
    not_run: int

    @property
    def scored(self) -> int:
        """Return how many count: they compile, to other bytecode."""
        return self.selected - self.equivalent - self.stillborn

    @property
    def score(self) -> str:
        """Return the killed among those that count, in percent rounded down to a tenth.

        A survivor counts as one, argued or not; without all of them run there is no score.
        """
        return self._share_of(self.scored)

    @property
    def score_of_others(self) -> str:
        """Return the same without those that are argued: nobody could tell them from the vault."""
        return self._share_of(self.scored - self.argued)

    def _share_of(self, count: int) -> str:
        if self.not_run:
            return "not all were run"
        if not count:
            return "none counts"
        tenths = 1000 * (self.killed + self.killed_by_test) // count
        return f"{tenths // 10}.{tenths % 10} %"


def row(mutants: Iterable[Mutant], verdicts: Mapping[str, Verdict], arguments: Mapping[str, Argument]) -> Row:
    """Count what became of some mutants."""
    chosen = list(mutants)
    fates = Counter(_end(mutant, verdicts, arguments) for mutant in chosen)
    return Row(
        selected=len(chosen),
        killed=fates[Fate.KILLED],
        killed_by_test=fates[Fate.KILLED_BY_TEST],
        survived=fates[Fate.SURVIVED],
        argued=fates[ARGUED],
        timed_out=fates[Fate.TIMED_OUT],
        equivalent=fates[Fate.EQUIVALENT],
        stillborn=fates[Fate.STILLBORN],
        not_run=fates[None],
    )


def _end(mutant: Mutant, verdicts: Mapping[str, Verdict], arguments: Mapping[str, Argument]) -> str | None:
    if mutant.id not in verdicts:
        return None
    fate = verdicts[mutant.id].fate
    return ARGUED if fate in ALIVE and mutant.id in arguments else fate


def survivors(mutants: Iterable[Mutant], verdicts: Mapping[str, Verdict]) -> list[Mutant]:
    """Return the mutants that nobody noticed, the timed out among them."""
    return [mutant for mutant in mutants if mutant.id in verdicts and verdicts[mutant.id].fate in ALIVE]

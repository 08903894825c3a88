"""Mutants that survive because they behave like the vault, each with an argument; the list is checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ringfence.measure.exceptions import entries_in
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import DEAD, Fate, Verdict


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Why a mutant is equivalent to the vault. ``change`` says what it is, for those who read the list."""

    mutant: str
    change: str
    why: str


def equivalents_in(path: Path | None) -> dict[str, Equivalent]:
    """Return the entries of a list by their mutants' ids, none without a list; raises BadFile."""
    return {each.mutant: each for each in entries_in(path, Equivalent, "why")}


def mistakes(
    equivalents: Mapping[str, Equivalent],
    every: Iterable[Mutant],
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, str],
) -> list[str]:
    """Return what is wrong with the list: mutants that are gone, others than it says, or no survivors."""
    mutants = {mutant.id: mutant for mutant in every}
    wrong = {
        each.mutant: _wrong(each, mutants.get(each.mutant), verdicts.get(each.mutant), sources)
        for each in equivalents.values()
    }
    return [f"{mutant}: {reason}" for mutant, reason in wrong.items() if reason]


def _wrong(
    listed: Equivalent, mutant: Mutant | None, verdict: Verdict | None, sources: Mapping[str, str]
) -> str:
    off = "take it off the list."
    if mutant is None:
        return f"there is no such mutant any more; {off}"
    if mutant.change(sources) != listed.change:
        return f"its change is `{mutant.change(sources)}`, not what the list says."
    if verdict and verdict.fate in DEAD:
        return f"{verdict.found.by if verdict.found else 'something'} notices it; {off}"
    if verdict and verdict.fate in (Fate.SAME_CODE, Fate.INVALID):
        return f"it needs no argument ({verdict.fate}); {off}"
    return ""

"""Survivors that nobody could tell from the vault, each with the argument; the list itself is checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import DEAD, Fate, Verdict

OURS: Final = Path(__file__).parent / "argued.yaml"
FIELDS: Final = {"mutant", "change", "why"}
LEAST_WORDS: Final = 5  # of an argument


class BadList(Exception):
    """The list can't be read. The message is one sentence with the place."""


@dataclass(frozen=True, slots=True)
class Argument:
    """Why a mutant can't be told from the vault. ``change`` says what it is, for those who read the list."""

    mutant: str
    change: str
    why: str


def arguments_in(path: Path) -> dict[str, Argument]:
    """Return the arguments of a list by their mutants' ids; raises BadList."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except OSError as failure:
        raise BadList(f"{path}: {failure.strerror}.") from None
    except yaml.YAMLError as failure:
        raise BadList(f"{path}: no YAML: {' '.join(str(failure).split())}.") from None
    if not isinstance(entries, list):
        raise BadList(f"{path}: a list of entries is wanted, each with {', '.join(sorted(FIELDS))}.")
    arguments = [_argument(path, number, entry) for number, entry in enumerate(entries, start=1)]
    return {argument.mutant: argument for argument in arguments}


def problems(
    arguments: Mapping[str, Argument],
    every: Iterable[Mutant],
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, str],
) -> list[str]:
    """Return what is wrong with the list: mutants that are gone, others than it says, or no survivors."""
    mutants = {mutant.id: mutant for mutant in every}
    found = []
    for argument in arguments.values():
        mutant, verdict = mutants.get(argument.mutant), verdicts.get(argument.mutant)
        if mutant is None:
            found.append(f"{argument.mutant}: there is no such mutant any more; take it off the list.")
        elif mutant.change(sources) != argument.change:
            found.append(
                f"{argument.mutant}: its change is `{mutant.change(sources)}`, not what the list says."
            )
        elif verdict and verdict.fate in DEAD:
            by = verdict.found.by if verdict.found else ""
            found.append(f"{argument.mutant}: {by} tells it from the vault; take it off the list.")
        elif verdict and verdict.fate in (Fate.EQUIVALENT, Fate.STILLBORN):
            found.append(f"{argument.mutant}: it needs no argument ({verdict.fate}); take it off the list.")
    return found


def _argument(path: Path, number: int, entry: Any) -> Argument:
    if (
        not isinstance(entry, dict)
        or set(entry) != FIELDS
        or not all(isinstance(v, str) for v in entry.values())
    ):
        raise BadList(f"{path}, entry {number}: wanted are {', '.join(sorted(FIELDS))}, each a text.")
    if len(entry["why"].split()) < LEAST_WORDS:
        raise BadList(f"{path}, entry {number}: {entry['why']!r} is no argument.")
    return Argument(entry["mutant"], entry["change"].strip(), entry["why"].strip())

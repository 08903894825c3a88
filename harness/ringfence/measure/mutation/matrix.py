"""Mutants by what notices them: as JSON, and as the questions that it answers."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from ringfence.engine.system import MODEL
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.operators import BY_NAME
from ringfence.measure.mutation.run import Results
from ringfence.measure.mutation.verdict import (
    DEAD,
    DEPLOYMENT,
    FACTORY,
    READING,
    STORAGE,
    VIEWS,
    Fate,
    Verdict,
    to_plain,
)
from ringfence.properties import PROPERTIES
from ringfence.report.mutants import SCHEMA

COMPARISONS: Final = (MODEL, VIEWS, FACTORY, DEPLOYMENT, READING, STORAGE)
NOT_RUN: Final = {"fate": "not run", "seconds": 0.0, "found": None}


@dataclass(frozen=True, slots=True)
class KillCount:
    """How often a property, or a comparison, noticed a mutant.

    ``first`` counts what it noticed before all others, ``broken`` all sequences that violate it, ``alone``
    those of them that violate no other property; comparisons do not count where it is a property.
    """

    id: str
    first: int
    broken: int
    alone: int


def kill_counts(verdicts: Iterable[Verdict]) -> list[KillCount]:
    """Return how often every comparison and property noticed a mutant, comparisons first."""
    found = [verdict.found for verdict in verdicts if verdict.fate is Fate.KILLED and verdict.found]
    first, broken, alone = Counter(each.by for each in found), Counter[str](), Counter[str]()
    for each in found:
        violated = {*each.broken, each.by}
        broken.update(violated)
        properties = violated - set(COMPARISONS)
        only = properties or violated
        alone.update(only if len(only) == 1 else ())
    names = [*COMPARISONS, *(each.id for each in PROPERTIES)]
    return [KillCount(name, first[name], broken[name], alone[name]) for name in names]


def kill_seconds(verdicts: Iterable[Verdict]) -> tuple[float, float]:
    """Return median and maximum of the seconds that a kill took; zeros without one."""
    seconds = [verdict.seconds for verdict in verdicts if verdict.fate in DEAD]
    return (median(seconds), max(seconds)) if seconds else (0.0, 0.0)


def plain(results: Results) -> dict[str, Any]:
    """Return the matrix as JSON takes it."""
    verdicts = results.verdicts.values()
    return {
        "schema": SCHEMA,
        "target": results.target,
        "versions": dict(results.versions),
        "seed": results.selection.seed,
        "seconds": round(results.seconds, 1),
        "kill_seconds": dict(zip(("median", "most"), kill_seconds(verdicts), strict=True)),
        "interrupted": results.is_interrupted,
        "total": results.total.plain(),
        "files": {name: count.plain() for name, count in results.by_file().items()},
        "operators": {
            name: {"domain": BY_NAME[name].is_domain} | count.plain()
            for name, count in results.by_operator().items()
        },
        "properties": [asdict(each) for each in kill_counts(verdicts)],
        "mutants": [_mutant(results, mutant) for mutant in results.mutants],
    }


def write(results: Results, path: Path) -> None:
    """Write the matrix; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plain(results), indent=1) + "\n", encoding="utf-8")


def _mutant(results: Results, mutant: Mutant) -> dict[str, Any]:
    listed, verdict = results.equivalents.get(mutant.id), results.verdicts.get(mutant.id)
    end = to_plain(verdict) if verdict else NOT_RUN
    return {
        **{name: getattr(mutant, name) for name in ("id", "file", "function", "line", "operator")},
        "change": mutant.change(results.sources),
        "argument": listed.why if listed else None,
        **{name: end[name] for name in NOT_RUN},
    }

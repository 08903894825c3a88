"""Mutants by what notices them: as JSON, and as the questions that it answers."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from ringfence.engine.system import MODEL
from ringfence.measure.mutation.operators import BY_NAME
from ringfence.measure.mutation.run import Results
from ringfence.measure.mutation.verdict import (
    DEAD,
    DEPLOYMENT,
    FACTORY,
    READING,
    VIEWS,
    Fate,
    Verdict,
    to_plain,
)
from ringfence.properties import PROPERTIES
from ringfence.report.mutants import SCHEMA

COMPARISONS: Final = (MODEL, VIEWS, FACTORY, DEPLOYMENT, READING)


@dataclass(frozen=True, slots=True)
class KillCount:
    """How often a property, or a comparison, noticed a mutant.

    ``first`` counts what it noticed before all others, ``broken`` all programs that break it, ``alone`` those
    of them that break no other property; comparisons apart where it is a property.
    """

    id: str
    first: int
    broken: int
    alone: int


def standings(verdicts: Iterable[Verdict]) -> list[KillCount]:
    """Return how every property and comparison stands, comparisons first."""
    found = [verdict.found for verdict in verdicts if verdict.fate is Fate.KILLED and verdict.found]
    first, broken, alone = Counter[str](), Counter[str](), Counter[str]()
    for each in found:
        first[each.by] += 1
        broken.update(set(each.broken) | {each.by})
        properties = set(each.broken) - set(COMPARISONS)
        alone.update(
            properties
            if len(properties) == 1
            else properties or {each.by}
            if len(set(each.broken)) == 1
            else ()
        )
    names = [*COMPARISONS, *(property_id.id for property_id in PROPERTIES)]
    return [KillCount(name, first[name], broken[name], alone[name]) for name in names]


def kill_seconds(verdicts: Iterable[Verdict]) -> tuple[float, float]:
    """Return median and maximum of the seconds that a kill took; zeros without one."""
    seconds = [verdict.seconds for verdict in verdicts if verdict.fate in DEAD]
    return (median(seconds), max(seconds)) if seconds else (0.0, 0.0)


def plain(results: Results) -> dict[str, Any]:
    """Return the matrix as JSON takes it."""
    return {
        "schema": SCHEMA,
        "target": results.target,
        "versions": dict(results.versions),
        "seed": results.selection.seed,
        "seconds": round(results.seconds, 1),
        "kill_seconds": dict(zip(("median", "most"), kill_seconds(results.verdicts.values()), strict=True)),
        "interrupted": results.is_interrupted,
        "total": _count(results.total),
        "files": {name: _count(row) for name, row in results.by_file().items()},
        "operators": {
            name: {"domain": BY_NAME[name].is_domain} | _count(row)
            for name, row in results.by_operator().items()
        },
        "properties": [asdict(standing) for standing in standings(results.verdicts.values())],
        "mutants": [
            {
                "id": mutant.id,
                "file": mutant.file,
                "function": mutant.function,
                "line": mutant.line,
                "operator": mutant.operator,
                "change": mutant.change(results.sources),
                "argument": results.arguments[mutant.id].why if mutant.id in results.arguments else None,
                **_end(results.verdicts.get(mutant.id)),
            }
            for mutant in results.mutants
        ],
    }


def write(results: Results, path: Path) -> None:
    """Write the matrix; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plain(results), indent=1) + "\n", encoding="utf-8")


def _count(row: Any) -> dict[str, Any]:
    return asdict(row) | {"scored": row.scored, "score": row.score}


def _end(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"fate": "not run", "seconds": 0.0, "found": None}
    told = to_plain(verdict)
    return {name: told[name] for name in ("fate", "seconds", "found")}

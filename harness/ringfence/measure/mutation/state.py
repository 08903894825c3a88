"""What is known from earlier runs: verdicts to go on from, and call sequences that killed something."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import isolated_margin

import ringfence
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import DEAD, Fate, KnownSequence, Verdict, from_plain, to_plain
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

SETTLED: Final = (*DEAD, Fate.SAME_CODE, Fate.INVALID)  # more looking does not change these
CORPUS: Final = "edges.json"
MOST_KNOWN: Final = 60  # sequences tried on one mutant


class State:
    """A folder with one line of JSON for every verdict. It is only ever appended to, so nothing gets lost."""

    def __init__(self, folder: Path, target: str) -> None:
        """Open, or make, the folder of one target; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{hashlib.sha256(target.encode()).hexdigest()[:12]}.jsonl"
        self._lines = {line["verdict"]["mutant"]: line for line in self._read()}

    def known(self, mutant: Mutant) -> Verdict | None:
        """Return an earlier verdict if it still counts where the code is the same.

        It must be of this version of Ringfence; that something survived must be of the very same Python too,
        since whatever changed there may notice it.
        """
        line = self._lines.get(mutant.id)
        if line is None or line["version"] != version("ringfence"):
            return None
        verdict = from_plain(line["verdict"])
        return verdict if verdict.fate in SETTLED or line["tool"] == tool_digest() else None

    def store(self, verdict: Verdict) -> None:
        """Write a verdict down."""
        line = {"version": version("ringfence"), "tool": tool_digest(), "verdict": to_plain(verdict)}
        self._lines[verdict.mutant] = line
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def killers(self, mutants: Iterable[Mutant]) -> "Killers":
        """Return what killed those of the mutants that were ever killed by a sequence."""
        killers = Killers()
        for mutant in mutants:
            if mutant.id in self._lines:
                killers.add(mutant, from_plain(self._lines[mutant.id]["verdict"]))
        return killers

    def _read(self) -> Iterator[dict[str, Any]]:
        """Yield what is there; a last line that was cut off is left out."""
        if not self._file.exists():
            return
        for text in self._file.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(text)
            except json.JSONDecodeError:
                continue


class Killers:
    """Call sequences that killed a mutant, by the place of what they killed."""

    def __init__(self) -> None:
        self._known: dict[KnownSequence, None] = {}

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        """Take in what killed a mutant."""
        found = verdict.found
        if found and found.market:
            self._known[KnownSequence(mutant.file, mutant.line, found.market, found.sequence)] = None

    def near(self, mutant: Mutant) -> list[KnownSequence]:
        """Return sequences once each, those first that killed something nearest to a mutant's line."""
        ranked = sorted(
            self._known, key=lambda each: (each.file != mutant.file, abs(each.line - mutant.line))
        )
        once = {(each.market, each.sequence): each for each in reversed(ranked)}
        return list(reversed(once.values()))[:MOST_KNOWN]


@cache
def tool_digest() -> str:
    """Return a hash of all of Ringfence's own Python and tests: what looks, and what it looks by."""
    digest = hashlib.sha256()
    packages = [Path(str(package.__file__)).parent for package in (ringfence, isolated_margin)]
    for folder in (*packages, ROOT / "tests"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix == ".py" or path.name == CORPUS):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

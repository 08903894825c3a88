"""What is known from earlier runs: verdicts to go on from, and programs that killed something."""

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
from ringfence.measure.mutation.edges import FILE as EDGES
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.target import Known
from ringfence.measure.mutation.tested import TESTS
from ringfence.measure.mutation.verdict import DEAD, Fate, Verdict, from_plain, to_plain

SETTLED: Final = (*DEAD, Fate.EQUIVALENT, Fate.STILLBORN)  # more looking does not change these
MOST_KNOWN: Final = 60  # programs tried on one mutant


class State:
    """A folder with one line of JSON for every verdict. It is only ever appended to, so nothing gets lost."""

    def __init__(self, folder: Path, target: str) -> None:
        """Open, or make, the folder of one target; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{hashlib.sha256(target.encode()).hexdigest()[:12]}.jsonl"
        self._verdicts: dict[str, dict[str, Any]] = {}
        for line in self._lines():
            self._verdicts[line["verdict"]["mutant"]] = line

    def known(self, mutant: Mutant) -> Verdict | None:
        """Return an earlier verdict if it still counts where the code is the same.

        It must be of this version of Ringfence; that something survived must be of the very same Python too,
        since whatever changed there may notice it.
        """
        line = self._verdicts.get(mutant.id)
        if line is None or line["version"] != version("ringfence"):
            return None
        verdict = from_plain(line["verdict"])
        return verdict if verdict.fate in SETTLED or line["tool"] == tool_digest() else None

    def keep(self, verdict: Verdict) -> None:
        """Write a verdict down."""
        line = {"version": version("ringfence"), "tool": tool_digest(), "verdict": to_plain(verdict)}
        self._verdicts[verdict.mutant] = line
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def sequences(self, mutants: Iterable[Mutant]) -> list[Known]:
        """Return what killed those of the mutants that were ever killed by a program."""
        corpus = Killers()
        for mutant in mutants:
            if mutant.id in self._verdicts:
                corpus.add(mutant, from_plain(self._verdicts[mutant.id]["verdict"]))
        return corpus.known

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Yield what is there; a last line that was cut off is left out."""
        if not self._file.exists():
            return
        for text in self._file.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(text)
            except json.JSONDecodeError:
                continue


class Killers:
    """Programs that killed a mutant, by the place of what they killed."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self.known = list(dict.fromkeys(known))

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        """Take in what killed a mutant."""
        found = verdict.found
        if found and found.market:
            known = Known(mutant.file, mutant.line, found.market, found.sequence)
            if known not in self.known:
                self.known.append(known)

    def near(self, mutant: Mutant) -> list[Known]:
        """Return programs once each, those first that killed something nearest to a mutant's line."""
        ranked = sorted(self.known, key=lambda each: (each.file != mutant.file, abs(each.line - mutant.line)))
        sequences = {(each.market, each.sequence): each for each in reversed(ranked)}
        return list(reversed(sequences.values()))[:MOST_KNOWN]


@cache
def tool_digest() -> str:
    """Return a hash of all of Ringfence's own Python and tests: what looks, and what it looks by."""
    digest = hashlib.sha256()
    folders = [Path(str(package.__file__)).parent for package in (ringfence, isolated_margin)]
    for folder in (*folders, TESTS):
        for path in sorted(path for path in folder.rglob("*") if path.suffix == ".py" or path.name == EDGES):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

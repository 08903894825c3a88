"""What is known from earlier runs: verdicts to go on from, and call sequences that killed something."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
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

    def __init__(self, folder: Path, target: str, mutants: Iterable[Mutant]) -> None:
        """Open, or make, the folder of one target, whose mutants these are; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{hashlib.sha256(target.encode()).hexdigest()[:12]}.jsonl"
        self._mutants = {mutant.id: mutant for mutant in mutants}
        self._verdicts: dict[str, Verdict] = {}
        self._outdated: dict[str, bool] = {}  # whether it was made by another version, or by other Python
        for line in self._read():
            verdict = from_plain(line["verdict"])
            is_of_tool = line["tool"] == tool_digest() or verdict.fate in SETTLED
            self._verdicts[verdict.mutant] = verdict
            self._outdated[verdict.mutant] = line["version"] != version("ringfence") or not is_of_tool

    def known(self, mutant: Mutant) -> Verdict | None:
        """Return an earlier verdict if it still counts where the code is the same.

        It must be of this version of Ringfence; that something survived must be of the very same Python too,
        since whatever changed there may notice it.
        """
        return None if self._outdated.get(mutant.id) else self._verdicts.get(mutant.id)

    def store(self, verdict: Verdict) -> None:
        """Write a verdict down."""
        line = {"version": version("ringfence"), "tool": tool_digest(), "verdict": to_plain(verdict)}
        self._verdicts[verdict.mutant], self._outdated[verdict.mutant] = verdict, False
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def killers(self, mutant: Mutant) -> list[KnownSequence]:
        """Return sequences that killed a mutant, once each, those first that killed nearest to a line."""
        killed = [self._mutants[each] for each in self._verdicts if each in self._mutants]
        killed.sort(key=lambda each: (each.file != mutant.file, abs(each.line - mutant.line)))
        found = [self._verdicts[each.id].found for each in killed]
        by_sequence = [each for each in found if each and each.market]
        once = dict.fromkeys(KnownSequence(each.market, each.sequence) for each in by_sequence)
        return list(once)[:MOST_KNOWN]

    def _read(self) -> Iterator[dict[str, Any]]:
        """Yield what is there; a last line that was cut off is left out."""
        if not self._file.exists():
            return
        for text in self._file.read_text(encoding="utf-8").splitlines():
            with suppress(json.JSONDecodeError):
                yield json.loads(text)


@cache
def tool_digest() -> str:
    """Return a hash of all of Ringfence's own Python and tests: what looks, and what it looks by."""
    digest = hashlib.sha256()
    packages = [Path(str(package.__file__)).parent for package in (ringfence, isolated_margin)]
    for folder in (*packages, ROOT / "tests"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix == ".py" or path.name == CORPUS):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

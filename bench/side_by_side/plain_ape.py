"""Plain Ape with Hypothesis, each search in a process of its own: Ape keeps one chain for a process."""

import json
import subprocess
import sys
from typing import Final

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side.chosen import HONEST
from bench.side_by_side.found import Search
from bench.side_by_side.subject import PLAIN, Case

SECONDS_OF_RATE: Final = 20.0


def search(case: Case, seed: int, limit: float) -> Search:
    """Search until something is found, or for so many seconds of that process."""
    done = _run(case.name, seed, limit)
    steps = None if done["seconds"] is None else done["steps"]
    return Search(case.subject, PLAIN, case.name, seed, limit, done["seconds"], steps, done["told"])


def rate() -> float:
    """Return the transactions a second of one core, on the unbroken vault."""
    return float(_run(HONEST.name, 1, SECONDS_OF_RATE)["steps"]) / SECONDS_OF_RATE


def _run(name: str, seed: int, limit: float) -> dict[str, "float | int | str | None"]:
    command = [sys.executable, "-m", "bench.side_by_side.plain", name, str(seed), str(limit)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Plain Ape failed on {name}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    result: dict[str, float | int | str | None] = json.loads(done.stdout.splitlines()[-1])
    return result

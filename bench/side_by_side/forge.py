"""forge's invariant runner on one thread: the native program, as its npm launcher hides every failure."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, Final

from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side import given
from bench.side_by_side.chosen import HONEST
from bench.side_by_side.found import Search

FORGE: Final = "forge"
PROJECT: Final = ROOT / "bench" / "forge"
ENDLESS: Final = 2**32 - 1  # runs
RUNS_OF_RATE: Final = 300
PREPARED: Final = 3  # runs of forge whose start-up is measured


class ForgeFailed(Exception):
    """forge did something else than searching. The message is one sentence, and forge's words."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run of forge: seconds of one core; no result when it was stopped at its limit."""

    seconds: float
    result: dict[str, Any] | None


def program() -> Path:
    """Return the native program, the only one below the npm package's folder."""
    return next((ROOT / "node_modules" / "@foundry-rs").glob("forge-*/bin/forge"))


def version() -> str:
    """Return forge's version."""
    told = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True).stdout
    return told.split()[2]


def build() -> None:
    """Compile the handlers once; raises ForgeFailed."""
    done = subprocess.run(
        [program(), "build"], cwd=PROJECT, env=_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise ForgeFailed(f"The handlers in {PROJECT} don't compile:\n{done.stdout}{done.stderr}")


def start_up(seeded: SeededBug) -> float:
    """Give forge a seeded bug; return the seconds of one core that it takes for one action."""
    given.write(seeded)
    return min(_run(1, runs=1, depth=1).seconds for _ in range(PREPARED))


def search(seeded: SeededBug, seed: int, limit: float, started: float) -> Search:
    """Search what was given last, until something is found or for so many seconds after start-up."""
    ended = _run(seed, seconds=ceil(started + limit))
    result, seconds = ended.result, ended.seconds - started
    if result is None or seconds > limit:
        return Search(FORGE, seeded.name, seed, None, None, "")
    if result["status"] != "Failure":
        raise ForgeFailed(f"forge ended without a finding before its time was over: {result}")
    kind = result["kind"]["Invariant"]
    last_run = result["counterexample"]["Sequence"][0] if result["counterexample"] else 0
    return Search(FORGE, seeded.name, seed, max(0.0, seconds), kind["calls"] + last_run, result["reason"])


def rate(*, is_bare: bool) -> float:
    """Return the calls a second of one core, on the unbroken vault."""
    started = start_up(HONEST)
    given.write(HONEST, is_bare=is_bare)
    ended = _run(1, runs=RUNS_OF_RATE)
    if ended.result is None or ended.result["status"] != "Success":
        raise ForgeFailed(f"forge finds something in the unbroken vault: {ended.result}")
    return float(ended.result["kind"]["Invariant"]["calls"]) / (ended.seconds - started)


def _run(seed: int, *, runs: int = ENDLESS, depth: int | None = None, seconds: int | None = None) -> Ended:
    """Run the invariants; stopped after so many seconds of one core."""
    folder = tempfile.mkdtemp(prefix="forge-")  # a failure that is kept would be tried first the next time
    environment = _environment() | {
        "FOUNDRY_INVARIANT_RUNS": str(runs),
        "FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR": folder,
    }
    if depth is not None:
        environment["FOUNDRY_INVARIANT_DEPTH"] = str(depth)
    command = [str(program()), "test", "--json", "--threads", "1", "--fuzz-seed", str(seed)]

    def limited() -> None:
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, preexec_fn=limited
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(folder, ignore_errors=True)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode < 0:
        return Ended(spent, None)
    try:
        contracts = json.loads(done.stdout)
        (result,) = next(iter(contracts.values()))["test_results"].values()
    except (ValueError, StopIteration, KeyError):
        raise ForgeFailed(f"forge did not run the invariants:\n{done.stdout}{done.stderr}") from None
    if (done.returncode != 0) != (result["status"] == "Failure"):
        raise ForgeFailed(f"forge ended with {done.returncode}, and says {result['status']}.")
    return Ended(spent, result)


def _environment() -> dict[str, str]:
    tools = ROOT / ".tools" / "bin"  # node, for the compiler
    path = f"{tools}:{os.environ['PATH']}"
    return os.environ | {"PATH": path, "RINGFENCE_GIVEN": "../../.build/side_by_side/given.hex"}

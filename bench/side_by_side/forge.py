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

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side.found import FOLDER, Search
from bench.side_by_side.subject import FORGE, Case, Subject

PROJECT: Final = ROOT / "bench" / "forge"
ENDLESS: Final = 2**32 - 1  # runs
CALLS_OF_RATE: Final = 10_000
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


class Handlers:
    """forge on one vault, with a seeded bug or without; with ``is_bare`` handlers look at nothing."""

    def __init__(self, subject: Subject, case: Case, *, is_bare: bool = False) -> None:
        """Write what the handlers are given, and measure forge's start-up; raises ForgeFailed."""
        self._subject, self._case = subject, case
        self._given = FOLDER / "given" / f"{case.subject} {case.name}.hex"
        self._given.parent.mkdir(parents=True, exist_ok=True)
        self._given.write_text("0x" + case.given(is_bare).hex())
        self._start_up = min(self._run(1, runs=1, depth=1).seconds for _ in range(PREPARED))

    def search(self, seed: int, limit: float) -> Search:
        """Search until something is found or for so many seconds after start-up; raises ForgeFailed."""
        ended = self._run(seed, seconds=ceil(self._start_up + limit))
        result, seconds = ended.result, max(0.0, ended.seconds - self._start_up)
        if result is None or seconds > limit:
            return Search.without_finding(self._case, FORGE, seed, limit)
        if result["status"] != "Failure":
            raise ForgeFailed(f"forge ended without a finding before its time was over: {result}")
        calls = result["kind"]["Invariant"]["calls"]
        calls += result["counterexample"]["Sequence"][0] if result["counterexample"] else 0
        case = self._case
        return Search(case.subject, FORGE, case.name, seed, limit, seconds, calls, result["reason"])

    def rate(self, seed: int, calls: int = CALLS_OF_RATE) -> float:
        """Return the calls a second of one core, on a sound vault; raises ForgeFailed."""
        ended = self._run(seed, runs=calls // self._subject.depth)
        if ended.result is None or ended.result["status"] != "Success":
            raise ForgeFailed(f"forge finds something in the sound vault: {ended.result}")
        return float(ended.result["kind"]["Invariant"]["calls"]) / (ended.seconds - self._start_up)

    def _run(
        self, seed: int, *, runs: int = ENDLESS, depth: int | None = None, seconds: int | None = None
    ) -> Ended:
        """Run the invariants; stopped after so many seconds of one core."""
        # A failure that is kept would be tried first the next time.
        folder = tempfile.mkdtemp(prefix="forge-")
        environment = _environment() | {
            "RINGFENCE_GIVEN": str(self._given),
            "FOUNDRY_INVARIANT_RUNS": str(runs),
            "FOUNDRY_INVARIANT_DEPTH": str(depth or self._subject.depth),
            "FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR": folder,
        }
        command = [str(program()), "test", "--json", "--threads", "1", "--fuzz-seed", str(seed)]
        command += ["--match-path", f"test/{self._subject.handlers}/*"]
        try:
            return _ended(command, environment, seconds)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _ended(command: list[str], environment: dict[str, str], seconds: int | None) -> Ended:
    def limited() -> None:
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, preexec_fn=limited
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
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
    return os.environ | {"PATH": path}

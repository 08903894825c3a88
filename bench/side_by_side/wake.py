"""Wake 5, its EVM in process: each search in a process of its own, as Wake has an environment of its own."""

import json
import subprocess
from typing import Final, TypedDict

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side.found import FOLDER, Search
from bench.side_by_side.subject import WAKE, Case, Subject

PYTHON: Final = ROOT / ".venv-wake" / "bin" / "python"
SECONDS_OF_RATE: Final = 5.0
ASK_VERSION: Final = "import importlib.metadata as found; print(found.version('eth-wake'))"


class WakeFailed(Exception):
    """Wake did something else than searching. The message is one sentence, and Wake's words."""


class Ended(TypedDict):
    """A run of Wake: seconds of one core and flows from the first one on; what failed, or nothing."""

    flows: int
    seconds: float
    failed: str


def version() -> str:
    """Return Wake's version."""
    done = subprocess.run([PYTHON, "-c", ASK_VERSION], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Flows:
    """Wake's flows and invariants on one vault, with a seeded bug or without."""

    def __init__(self, subject: Subject, case: Case) -> None:
        """Write the contracts that the test deploys."""
        self._subject, self._case = subject, case
        self._given = FOLDER / "given" / f"{case.subject} {case.name}.json"
        self._given.parent.mkdir(parents=True, exist_ok=True)
        contracts = case.contracts().items()
        given = {name: {"abi": each.abi, "code": each.bytecode.hex()} for name, each in contracts}
        self._given.write_text(json.dumps(given))

    def search(self, seed: int, limit: float) -> Search:
        """Search until something is found or the seconds are spent; raises WakeFailed."""
        ended = self._run(seed, limit)
        case = self._case
        if not ended["failed"]:
            return Search.without_finding(case, WAKE, seed, limit)
        found = (ended["seconds"], ended["flows"], ended["failed"])
        return Search(case.subject, WAKE, case.name, seed, limit, *found)

    def rate(self, seed: int) -> float:
        """Return the flows a second of one core, on a sound vault; raises WakeFailed."""
        ended = self._run(seed, SECONDS_OF_RATE)
        if ended["failed"]:
            raise WakeFailed(f"Wake finds something in the sound vault: {ended['failed']}")
        return ended["flows"] / ended["seconds"]

    def _run(self, seed: int, limit: float) -> Ended:
        command = [str(PYTHON), "-m", "bench.wake.run", self._subject.handlers, str(self._given)]
        command += ["--seed", str(seed), "--limit", str(limit), "--depth", str(self._subject.depth)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise WakeFailed(f"Wake failed on {self._case.name}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        ended: Ended = json.loads(done.stdout.splitlines()[-1])
        return ended

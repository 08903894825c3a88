"""A pool without processes, whose batches are written down."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from ringfence.engine.canary import Canaries
from ringfence.engine.result import SearchResult
from ringfence.engine.stats import Stats
from ringfence.engine.workers.pool import WorkerDied
from ringfence.types.actions import Step
from ringfence.types.finding import BrokenProperty, Cause, CauseKey, Finding, VaultId, Versions
from ringfence.types.market import VaultMarket

from tests.byo.paper_vault import PaperVault

Open = PaperVault.actions[0]
Script = Callable[[int, int], SearchResult | None]  # a worker's number and steps, to its batch; None: it dies


class ScriptedWorker:
    """A worker whose batches are done as soon as they are asked for."""

    def __init__(self, pool: "ScriptedPool", number: int, name: str) -> None:
        self._pool, self._number, self.name = pool, number, name
        self.is_stopped = False

    def batch(self, steps: int) -> "Future[SearchResult]":
        """Do what the script says."""
        future: Future[SearchResult] = Future()
        self._pool.asked.append((self._number, steps))
        done = self._pool.script(self._number, steps)
        if done is None:
            future.set_exception(WorkerDied())
        else:
            future.set_result(done)
        return future

    def stop(self) -> None:
        """Note it."""
        self.is_stopped = True


class ScriptedPool:
    """Starts scripted workers, and remembers them, their seeds and what each was asked for."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[tuple[int, int]] = []  # a worker's number and steps
        self.started: list[ScriptedWorker] = []
        self.seeds: list[int] = []
        self.is_closed = False

    def start(self, number: int, seed: int) -> ScriptedWorker:
        """Start the next."""
        self.seeds.append(seed)
        self.started.append(ScriptedWorker(self, number, f"hand {len(self.started) + 1}"))
        return self.started[-1]

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


def violation(problem: str = "of position 1, margin is 1, not 9") -> Finding:
    """Return a finding: an open that changes another position."""
    return Finding(
        versions=Versions("0", "3", "revm", "unknown"),
        seed=1,
        market=VaultMarket("PaperVault", 6, 8, 100),
        vault=VaultId.named(f"{Path(__file__).parents[1]}/byo/paper_vault.py:PaperVault"),
        sequence=(Step(Open("trader_1", 1, 1), 1),),
        step=1,
        cause=Cause(
            BrokenProperty("ISO-1", "A transaction changes no field of another position.", problem), ()
        ),
    )


def batch(steps: int, *found: Finding, detail: str = "", **members: object) -> SearchResult:
    """Return the result of N steps, with findings that share one cause; ``members`` are set too."""
    done = SearchResult(1, stats=Stats(runs=1, steps=steps), canaries=Canaries(violation=True))
    for finding in found:
        cause = CauseKey(finding.name, finding.sequence[-1].action.name, detail)
        done.findings[cause], done.found_at[cause] = finding, (steps, 1.0)
        done.seen[cause] += 1
    for name, value in members.items():
        setattr(done, name, value)
    return done


def looked_at(**counts: int) -> Counter[str]:
    """Return how often properties were put to the test, by their ids with ``_`` for ``-``."""
    return Counter({name.replace("_", "-"): count for name, count in counts.items()})

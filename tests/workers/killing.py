"""A pool whose first worker is killed, on this machine or on a cluster that is on it."""

import os
import re
import signal
from typing import Any

from ringfence.engine.result import SearchResult
from ringfence.engine.workers.batches import search


class Killing:
    """Kills the first worker of a pool as soon as a batch was done; ``started`` has the names of all."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.started: list[str] = []
        self._has_killed = False

    def start(self, number: int, seed: int) -> Any:
        """Start, and remember the name, which has the process."""
        worker = self._pool.start(number, seed)
        self.started.append(worker.name)
        return worker

    def close(self) -> None:
        """Let go."""
        self._pool.close()

    def kill(self, done: SearchResult) -> None:
        """Kill the first worker, once."""
        if done.steps and not self._has_killed:
            self._has_killed = True
            process = re.match(r"process (\d+)", self.started[0])
            assert process
            os.kill(int(process[1]), signal.SIGKILL)


def searched_while_killing(pool: Any, steps: int) -> SearchResult:
    """Return what two workers and a successor do; it is seen that the dead one is replaced and named."""
    killing = Killing(pool)
    done = search(killing, SearchResult(1, 2), steps=steps, progress=killing.kill)
    dead, _, successor = killing.started
    assert done.deaths == [f"Worker 1 ({dead}) died, and {successor} took its place."]
    assert done.steps >= steps
    assert done.findings == {}
    return done

"""A pool of processes whose first worker is killed."""

import os
import signal

from ringfence.engine.result import SearchResult
from ringfence.engine.workers.processes import ProcessPool, ProcessWorker


class Killing:
    """Kills the first worker as soon as a batch was done."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool
        self.started: list[int] = []
        self._has_killed = False

    def start(self, number: int, seed: int) -> ProcessWorker:
        """Start, and remember the process."""
        worker = self._pool.start(number, seed)
        self.started.append(worker.process)
        return worker

    def close(self) -> None:
        """Let go."""
        self._pool.close()

    def kill(self, done: SearchResult) -> None:
        """Kill the first worker, once."""
        if done.steps and not self._has_killed:
            self._has_killed = True
            os.kill(self.started[0], signal.SIGKILL)

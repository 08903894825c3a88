"""Workers that are processes of this machine.

Each is an executor of its own with one process: an executor that loses a process is broken as a whole.
"""

import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from ringfence.engine.result import SearchResult
from ringfence.engine.workers.job import Job, Worked
from ringfence.engine.workers.pool import PoolFailed, WorkerDied

_here: list[Worked] = []  # in a worker's process: its search


class ProcessWorker:
    """A process, started anew and not forked: nothing of this one is shared with it."""

    def __init__(self, job: Job, number: int, seed: int) -> None:
        """Start the process and its search; raises PoolFailed, and whatever the job raises."""
        self._executor = ProcessPoolExecutor(1, get_context("spawn"), initializer=_ignore_interrupts)
        try:
            self.process = self._executor.submit(_begin, job, seed).result()
        except BrokenProcessPool:
            raise PoolFailed(f"Worker {number} did not start: its process ended at once.") from None
        except BaseException:
            self.stop()
            raise

    @property
    def name(self) -> str:
        """Return the process."""
        return f"process {self.process}"

    def batch(self, steps: int) -> "Future[SearchResult]":
        """Have the process do its next batch."""
        return translated(self._submitted(steps), BrokenProcessPool)

    def stop(self) -> None:
        """End the process when its batch is over."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submitted(self, steps: int) -> "Future[SearchResult]":
        try:
            return self._executor.submit(_batch, steps)
        except BrokenProcessPool as broken:  # it died between two turns
            lost: Future[SearchResult] = Future()
            lost.set_exception(broken)
            return lost


class ProcessPool:
    """Starts processes for a job."""

    def __init__(self, job: Job) -> None:
        """Take the job."""
        self._job = job

    def start(self, number: int, seed: int) -> ProcessWorker:
        """Start a process; raises PoolFailed."""
        return ProcessWorker(self._job, number, seed)

    def close(self) -> None:
        """Do nothing: processes end with their workers."""


def translated(future: "Future[SearchResult]", death: type[BaseException]) -> "Future[SearchResult]":
    """Return a future that has WorkerDied in the place of what a library says of a death."""
    done_later: Future[SearchResult] = Future()
    done_later.set_running_or_notify_cancel()

    def tell(done: "Future[SearchResult]") -> None:
        failure = WorkerDied() if done.cancelled() else done.exception()
        if failure is None:
            done_later.set_result(done.result())
        else:
            done_later.set_exception(WorkerDied() if isinstance(failure, death) else failure)

    future.add_done_callback(tell)
    return done_later


def _ignore_interrupts() -> None:
    """Leave the user's interrupt to the campaign, which lets turns end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _begin(job: Job, seed: int) -> int:
    """Start the search of this process; return its id."""
    _here.append(job.start(seed))
    return os.getpid()


def _batch(steps: int) -> Any:
    return _here[0].batch(steps)

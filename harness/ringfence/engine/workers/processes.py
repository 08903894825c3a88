"""Workers that are processes of this machine.

Each is an executor of its own with one process: an executor that loses a process is broken as a whole.
"""

import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

from ringfence.engine.workers.crew import CrewFailed, WorkerDied
from ringfence.engine.workers.turns import Task, Turning

T = TypeVar("T")

_here: list[Turning[Any]] = []  # in a worker's process: its search


class ProcessWorker(Generic[T]):
    """A process, started anew and not forked: nothing of this one is shared with it."""

    def __init__(self, job: Task[T], number: int, seed: int) -> None:
        """Start the process and its search; raises CrewFailed, and whatever the job raises."""
        self._executor = ProcessPoolExecutor(1, get_context("spawn"), initializer=_ignore_interrupts)
        try:
            self.process = self._executor.submit(_begin, job, seed).result()
        except BrokenProcessPool:
            raise CrewFailed(f"Worker {number} did not start: its process ended at once.") from None
        except BaseException:
            self.stop()
            raise

    @property
    def name(self) -> str:
        """Return the process."""
        return f"process {self.process}"

    def turn(self, steps: int) -> "Future[T]":
        """Have the process do its next turn."""
        return translated(self._submitted(steps), BrokenProcessPool)

    def stop(self) -> None:
        """End the process when its turn is over."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submitted(self, steps: int) -> "Future[T]":
        try:
            return self._executor.submit(_turn, steps)
        except BrokenProcessPool as broken:  # it died between two turns
            lost: Future[T] = Future()
            lost.set_exception(broken)
            return lost


class ProcessCrew(Generic[T]):
    """Starts processes for a job."""

    def __init__(self, job: Task[T]) -> None:
        """Take the job."""
        self._job = job

    def hire(self, number: int, seed: int) -> ProcessWorker[T]:
        """Start a process; raises CrewFailed."""
        return ProcessWorker(self._job, number, seed)

    def close(self) -> None:
        """Do nothing: processes end with their workers."""


def translated(future: "Future[T]", death: type[BaseException]) -> "Future[T]":
    """Return a future that has WorkerDied in the place of what a library says of a death."""
    told: Future[T] = Future()
    told.set_running_or_notify_cancel()

    def tell(done: "Future[T]") -> None:
        failure = WorkerDied() if done.cancelled() else done.exception()
        if failure is None:
            told.set_result(done.result())
        else:
            told.set_exception(WorkerDied() if isinstance(failure, death) else failure)

    future.add_done_callback(tell)
    return told


def _ignore_interrupts() -> None:
    """Leave the user's interrupt to the campaign, which lets turns end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _begin(job: Task[Any], seed: int) -> int:
    """Start the search of this process; return its id."""
    _here.append(job.searcher(seed))
    return os.getpid()


def _turn(steps: int) -> Any:
    return _here[0].turn(steps)

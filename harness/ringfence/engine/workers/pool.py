"""The seam between a campaign and what starts its workers."""

from concurrent.futures import Future
from typing import Protocol

from ringfence.engine.result import SearchResult
from ringfence.types.errors import RingfenceError


class PoolFailed(RingfenceError):
    """Workers can't be had, or die whatever is done. The message is one sentence."""


class WorkerDied(Exception):
    """A worker ended without an answer."""


class Worker(Protocol):
    """One worker, with a search of its own that goes on from batch to batch."""

    @property
    def name(self) -> str:
        """Return its number and where it runs."""
        ...

    def batch(self, steps: int) -> "Future[SearchResult]":
        """Ask for the next batch; its exception is WorkerDied, or whatever the search raised."""
        ...

    def stop(self) -> None:
        """End it, whatever it does."""
        ...


class WorkerPool(Protocol):
    """Starts workers."""

    def start(self, number: int, seed: int) -> Worker:
        """Start a worker; raises PoolFailed."""
        ...

    def close(self) -> None:
        """Let go of what workers were started with."""
        ...

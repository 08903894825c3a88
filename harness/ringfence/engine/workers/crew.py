"""Who does the turns: the seam between a campaign and what starts its workers."""

from concurrent.futures import Future
from typing import Protocol, TypeVar

from ringfence.types.errors import RingfenceError

T = TypeVar("T")


class CrewFailed(RingfenceError):
    """Workers can't be had, or die whatever is done. The message is one sentence."""


class WorkerDied(Exception):
    """A worker ended without an answer."""


class Worker(Protocol[T]):
    """One worker, with a search of its own that goes on from turn to turn."""

    @property
    def name(self) -> str:
        """Return its number and where it runs."""
        ...

    def turn(self, steps: int) -> "Future[T]":
        """Ask for the next turn; its exception is WorkerDied, or whatever the search raised."""
        ...

    def stop(self) -> None:
        """End it, whatever it does."""
        ...


class Crew(Protocol[T]):
    """Starts workers."""

    def hire(self, number: int, seed: int) -> Worker[T]:
        """Start a worker; raises CrewFailed."""
        ...

    def close(self) -> None:
        """Let go of what workers were started with."""
        ...

"""Workers that are actors of a Ray cluster. Ray is imported here, when asked for, and nowhere else."""

import os
import re
import socket
from concurrent.futures import Future
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Final, Generic, TypeVar

from ringfence.engine.workers.crew import CrewFailed
from ringfence.engine.workers.processes import translated
from ringfence.engine.workers.turns import Task

T = TypeVar("T")

PATIENCE: Final = 3.0  # seconds for an address to answer
RAISED: Final = re.compile(r"^(\w+\.)*[A-Z]\w*: ")  # before an exception's message, the exception
HIRING: Final = 60.0  # seconds for the cluster to start a worker


class Member(Generic[T]):
    """What runs on the cluster: one search."""

    def __init__(self, job: Task[T], seed: int, wanted: str) -> None:
        """Start the search; raises RuntimeError when another version of this package is installed there."""
        found = version("ringfence")
        if found != wanted:
            raise RuntimeError(f"ringfence {found} is installed there, and {wanted} here")
        self._searcher = job.searcher(seed)

    def place(self) -> str:
        """Return where it runs."""
        return f"process {os.getpid()} on {socket.gethostname()}"

    def turn(self, steps: int) -> T:
        """Do the next turn."""
        return self._searcher.turn(steps)


class ClusterWorker(Generic[T]):
    """An actor. Ray does not start it again by itself: its successor has another seed, and is told of."""

    def __init__(self, ray: Any, job: Task[T], number: int, seed: int) -> None:
        """Start the actor, and wait until it answers; raises CrewFailed."""
        self._ray = ray
        self._actor = ray.remote(max_restarts=0, num_cpus=1)(Member).remote(job, seed, version("ringfence"))
        try:
            self.name = str(ray.get(self._actor.place.remote(), timeout=HIRING))
        except ray.exceptions.GetTimeoutError:
            waited = f"Worker {number} did not start in {HIRING:g} seconds"
            raise CrewFailed(f"{waited}: the cluster has no free processor for it.") from None
        except ray.exceptions.RayError as failure:
            said = RAISED.sub("", str(failure).strip().splitlines()[-1])
            cause = str(getattr(failure, "cause", None) or said).rstrip(".")
            raise CrewFailed(f"Worker {number} did not start on the cluster: {cause}.") from None

    def turn(self, steps: int) -> "Future[T]":
        """Have the actor do its next turn."""
        asked: Future[T] = self._actor.turn.remote(steps).future()
        return translated(asked, self._ray.exceptions.RayActorError)

    def stop(self) -> None:
        """End the actor at once."""
        self._ray.kill(self._actor)


class ClusterCrew(Generic[T]):
    """Starts actors on a cluster for a job."""

    def __init__(self, job: Task[T], address: str) -> None:
        """Connect to ``host:port`` of a cluster's head; raises CrewFailed.

        Ray itself waits for minutes where nobody answers, so the address is tried first.
        """
        if find_spec("ray") is None:
            raise CrewFailed("Ray is not installed: run `pip install 'ringfence[ray]'`, or leave --ray out.")
        _try(address)
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # or it warns of a change to come
        import ray

        self._ray, self._job = ray, job
        try:
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError, ValueError) as failure:
            said = str(failure).strip().splitlines()[0]
            raise CrewFailed(f"--ray {address}: what answers there is no cluster to join: {said}") from None

    def hire(self, number: int, seed: int) -> ClusterWorker[T]:
        """Start an actor; raises CrewFailed."""
        return ClusterWorker(self._ray, self._job, number, seed)

    def close(self) -> None:
        """Leave the cluster."""
        self._ray.shutdown()


def _try(address: str) -> None:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise CrewFailed(
            f"--ray {address}: must be host:port of a cluster's head, as `ray start --head` tells it."
        )
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except (OSError, OverflowError) as failure:
        said = getattr(failure, "strerror", None) or str(failure)
        raise CrewFailed(
            f"--ray {address}: nobody answers there ({said}): start a cluster with `ray start --head`."
        ) from None

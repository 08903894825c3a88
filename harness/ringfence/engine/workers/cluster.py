"""Workers that are actors of a Ray cluster. Ray is imported here, when asked for, and nowhere else."""

import os
import re
import socket
from concurrent.futures import Future
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Final

from ringfence.engine.result import SearchResult
from ringfence.engine.workers.job import Job
from ringfence.engine.workers.pool import PoolFailed
from ringfence.engine.workers.processes import translated

PATIENCE: Final = 3.0  # seconds for an address to answer
RAISED: Final = re.compile(r"^(\w+\.)*[A-Z]\w*: ")  # before an exception's message, the exception
HIRING: Final = 60.0  # seconds for the cluster to start a worker


class Member:
    """What runs on the cluster: one search."""

    def __init__(self, job: Job, seed: int, wanted: str) -> None:
        """Start the search; raises RuntimeError when another version of this package is installed there."""
        found = version("ringfence")
        if found != wanted:
            raise RuntimeError(f"ringfence {found} is installed there, and {wanted} here")
        self._worked = job.start(seed)

    def place(self) -> str:
        """Return where it runs."""
        return f"process {os.getpid()} on {socket.gethostname()}"

    def batch(self, steps: int) -> SearchResult:
        """Do the next batch."""
        return self._worked.batch(steps)


class ClusterWorker:
    """An actor. Ray does not start it again by itself: its successor has another seed, and is reported."""

    def __init__(self, ray: Any, job: Job, number: int, seed: int) -> None:
        """Start the actor, and wait until it answers; raises PoolFailed."""
        self._ray = ray
        self._actor = ray.remote(max_restarts=0, num_cpus=1)(Member).remote(job, seed, version("ringfence"))
        try:
            self.name = str(ray.get(self._actor.place.remote(), timeout=HIRING))
        except ray.exceptions.GetTimeoutError:
            waited = f"Worker {number} did not start in {HIRING:g} seconds"
            raise PoolFailed(f"{waited}: the cluster has no free processor for it.") from None
        except ray.exceptions.RayError as failure:
            said = RAISED.sub("", str(failure).strip().splitlines()[-1])
            cause = str(getattr(failure, "cause", None) or said).rstrip(".")
            raise PoolFailed(f"Worker {number} did not start on the cluster: {cause}.") from None

    def batch(self, steps: int) -> "Future[SearchResult]":
        """Have the actor do its next batch."""
        asked: Future[SearchResult] = self._actor.batch.remote(steps).future()
        return translated(asked, self._ray.exceptions.RayActorError)

    def stop(self) -> None:
        """End the actor at once."""
        self._ray.kill(self._actor)


class ClusterPool:
    """Starts actors on a cluster for a job."""

    def __init__(self, job: Job, address: str) -> None:
        """Connect to ``host:port`` of a cluster's head; raises PoolFailed.

        Ray itself waits for minutes where nobody answers, so the address is tried first.
        """
        if find_spec("ray") is None:
            raise PoolFailed("Ray is not installed: run `pip install 'ringfence[ray]'`, or leave --ray out.")
        _try(address)
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # or it warns of a change to come
        import ray

        self._ray, self._job = ray, job
        try:
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError, ValueError) as failure:
            said = str(failure).strip().splitlines()[0]
            raise PoolFailed(f"--ray {address}: what answers there is no cluster to join: {said}") from None

    def start(self, number: int, seed: int) -> ClusterWorker:
        """Start an actor; raises PoolFailed."""
        return ClusterWorker(self._ray, self._job, number, seed)

    def close(self) -> None:
        """Leave the cluster."""
        self._ray.shutdown()


def _try(address: str) -> None:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise PoolFailed(
            f"--ray {address}: must be host:port of a cluster's head, as `ray start --head` tells it."
        )
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except (OSError, OverflowError) as failure:
        said = getattr(failure, "strerror", None) or str(failure)
        raise PoolFailed(
            f"--ray {address}: nobody answers there ({said}): start a cluster with `ray start --head`."
        ) from None

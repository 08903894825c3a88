"""Our search: what `ringfence campaign` does, until the first finding."""

from collections.abc import Callable
from time import process_time
from typing import Any, Final

from ringfence.engine.budget import Budget
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target

from bench.side_by_side import found
from bench.side_by_side.subject import OURS, Case

SECONDS_OF_RATE: Final = 5.0
WARM_UP: Final = 2_000  # steps, in which markets are started


class BadAdapter(Exception):
    """A search of ours ended early. The message is one sentence."""


class Timed:
    """A target that notes when its markets were started, and the seconds of this process that it took."""

    def __init__(self, target: Target) -> None:
        self._target, self.begun = target, process_time()
        self._starts: list[tuple[float, float]] = []

    def __getattr__(self, name: str) -> Any:
        """Return what the target has."""
        return getattr(self._target, name)

    def system(self, *args: Any) -> Any:
        """Start a market that properties look at."""
        return self._timed(self._target.system, *args)

    def comparison(self, *args: Any) -> Any:
        """Start a market that is compared."""
        return self._timed(self._target.comparison, *args)

    def _timed(self, start: Callable[..., Any], *args: Any) -> Any:
        begun = process_time()
        try:
            return start(*args)
        finally:
            self._starts.append((begun, process_time() - begun))

    def searching(self, until: float) -> float:
        """Return the seconds from the beginning to a time of this process, less those for starts."""
        return until - self.begun - sum(took for begun, took in self._starts if begun < until)


def search(case: Case, seed: int, limit: float) -> found.Search:
    """Search until something is found, or for N seconds of this process, without starting markets.

    Raises BadAdapter.
    """
    timed: Any = Timed(case.target())

    def stop(done: SearchResult) -> None:
        if timed.searching(process_time()) >= limit:
            raise KeyboardInterrupt

    searching, begun = Search(timed, seed, markets=case.markets), process_time()
    done = searching.run(Budget(None, None), stop)
    for cause, (steps, seconds) in done.found_at.items():
        told = cause.property_id if cause.property_id != MODEL else cause.detail
        took = timed.searching(begun + seconds)
        return found.Search(case.subject, OURS, case.name, seed, limit, took, steps, told)
    _ended_by_limit(done, case, is_over=timed.searching(process_time()) >= limit)
    return found.Search.without_finding(case, OURS, seed, limit)


def rate(sound: Case, seed: int) -> float:
    """Return the steps a second of this process on a sound vault: all compared, or with all properties.

    Raises BadAdapter.
    """
    searching = Search(sound.target(), seed, markets=sound.markets, is_checked=False)
    searching.run(Budget(None, None, WARM_UP))
    begun = process_time()

    def stop(done: SearchResult) -> None:
        if process_time() - begun >= SECONDS_OF_RATE:
            raise KeyboardInterrupt

    done = searching.run(Budget(None, None), stop)
    spent = process_time() - begun
    if done.findings:
        raise BadAdapter(f"Something is found in the sound vault of {sound.subject}: {[*done.findings]}")
    _ended_by_limit(done, sound, is_over=spent >= SECONDS_OF_RATE)
    return done.steps / spent


def _ended_by_limit(done: SearchResult, case: Case, *, is_over: bool) -> None:
    if done.fault:
        raise BadAdapter(f"{case.subject}, {case.name}: {done.fault}")
    if not is_over:
        raise KeyboardInterrupt  # by the user

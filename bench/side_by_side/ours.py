"""Our search: what `ringfence campaign` does, until the first finding."""

from collections.abc import Callable
from time import process_time
from typing import Any, Final

from ringfence.engine.budget import Budget
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug

from bench.side_by_side import found
from bench.side_by_side.chosen import HONEST, compiled

OURS: Final = "ours"
STEPS_OF_RATE: Final = 40_000


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


def search(seeded: SeededBug, seed: int, limit: float) -> found.Search:
    """Search until something is found, or for N seconds of this process, without starting markets."""
    timed: Any = Timed(compiled(seeded).target)

    def stop(done: SearchResult) -> None:
        if timed.searching(process_time()) >= limit:
            raise KeyboardInterrupt

    searching, begun = Search(timed, seed, markets=seeded.markets), process_time()
    done = searching.run(Budget(None, None), stop)
    for cause, (steps, seconds) in done.found_at.items():
        told = cause.property_id if cause.property_id != MODEL else cause.detail
        return found.Search(OURS, seeded.name, seed, timed.searching(begun + seconds), steps, told)
    return found.Search(OURS, seeded.name, seed, None, None, "")


def rate() -> float:
    """Return the steps a second of this process, all compared, on the unbroken vault."""
    searching = Search(compiled(HONEST).target, 1, markets=HONEST.markets, is_checked=False)
    searching.run(Budget(None, None, STEPS_OF_RATE // 20))
    begun = process_time()
    return searching.run(Budget(None, None, STEPS_OF_RATE)).steps / (process_time() - begun)

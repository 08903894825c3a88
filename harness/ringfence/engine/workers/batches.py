"""Batches handed out to workers until a budget is spent; a worker that dies is replaced."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from threading import current_thread, main_thread
from time import monotonic
from typing import Final, TypeAlias

from ringfence.engine.corpus.corpus import BadCorpus
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Unconfirmed
from ringfence.engine.workers.job import seed_of
from ringfence.engine.workers.pool import PoolFailed, Worker, WorkerDied, WorkerPool
from ringfence.types.errors import AdapterFault

MOST_LIVES: Final = 5  # of a worker that dies again and again without ending a batch
REFUSALS: Final = (AdapterFault, PoolFailed, BadCorpus, Unconfirmed)
POLLED_EVERY: Final = 0.2  # seconds
STEPS_A_BATCH: Final = 1_000
Progress: TypeAlias = Callable[[SearchResult], None]


def search(
    pool: WorkerPool,
    result: SearchResult,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    progress: Progress = lambda result: None,
) -> SearchResult:
    """Have ``result.workers`` search until the seconds or the steps are spent, or the user interrupts.

    Steps are shared out evenly beforehand, so that a seed and a number of steps repeat a search. ``progress``
    is called after every batch, and now and then between. What makes going on impossible is the ``problem``
    of what was done until then; raises it, AdapterFault, PoolFailed, BadCorpus or Unconfirmed, when nothing
    was.
    """
    batches = _Batches(pool, result, seconds, steps, progress)
    try:
        with _interrupts() as was_interrupted:
            batches.run(was_interrupted)
    except KeyboardInterrupt:
        result.is_interrupted = True
        batches.gather()
    except REFUSALS as refusal:
        if not result.steps:
            raise
        result.problem = str(refusal)
        batches.gather()
    finally:
        batches.end()
    return result


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Hold the user's first SIGINT until it is polled for; the second one raises at once.

    Raising inside ``wait`` could leave a lock held, and a worker's answer would wait for it for ever.
    """
    heard: list[int] = []

    def hear(number: int, _: object) -> None:
        if heard:
            raise KeyboardInterrupt
        heard.append(number)

    if current_thread() is not main_thread():  # where no interrupt comes
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, hear)
    try:
        yield lambda: bool(heard)
    finally:
        signal.signal(signal.SIGINT, before)


class _Batches:
    def __init__(
        self,
        pool: WorkerPool,
        result: SearchResult,
        seconds: float | None,
        steps: int | None,
        progress: Progress,
    ) -> None:
        self.result = result
        self._pool, self._progress, self._seconds = pool, progress, seconds
        self._left = _shares(steps, result.workers)
        self._is_timed = steps is None
        self._is_ending = False
        self._lives: Counter[int] = Counter()
        self._dead_in_a_row: Counter[int] = Counter()
        self._workers: dict[int, Worker] = {}
        self._running: dict[Future[SearchResult], int] = {}
        self._begun = monotonic()

    def run(self, was_interrupted: Callable[[], bool]) -> None:
        """Start workers, and hand out batches until the budget is spent and all have answered.

        Raises KeyboardInterrupt, between two polls, once the user has interrupted.
        """
        for number in range(1, self.result.workers + 1):
            self._start(number)
        places = (f"worker {number} is {worker.name}" for number, worker in self._workers.items())
        self.result.news.append(", ".join(places))
        self._begun = monotonic()
        for number in self._workers:
            self._hand_out(number)
        self._progress(self.result)
        while self._running:
            if was_interrupted():
                raise KeyboardInterrupt
            self._poll(POLLED_EVERY)

    def gather(self) -> None:
        """Take in the batches that are still running, and whatever else goes wrong."""
        self._is_ending = True
        while self._running:
            try:
                self._poll(None)
            except REFUSALS as refusal:
                self.result.problem = str(refusal)

    def end(self) -> None:
        """Stop all workers."""
        self.result.seconds = monotonic() - self._begun
        for worker in self._workers.values():
            worker.stop()
        self._pool.close()

    def _poll(self, patience: float | None) -> None:
        ready, _ = wait(self._running, timeout=patience, return_when=FIRST_COMPLETED)
        for batch in sorted(ready, key=lambda each: self._running[each]):
            number = self._running.pop(batch)
            try:
                done = batch.result()
                self.result.add(done)
                self._left[number] -= done.steps if done.steps else self._left[number]
                self._dead_in_a_row[number] = 0
                self._is_ending = self._is_ending or bool(self.result.fault)
            except WorkerDied:
                self._replace(number)
            if not self._is_ending:
                self._hand_out(number)
        self.result.seconds = monotonic() - self._begun
        self._progress(self.result)

    def _hand_out(self, number: int) -> None:
        is_late = self._seconds is not None and monotonic() - self._begun >= self._seconds
        steps = min(STEPS_A_BATCH, STEPS_A_BATCH if self._is_timed else self._left[number])
        if steps > 0 and not is_late:
            self._running[self._workers[number].batch(steps)] = number

    def _start(self, number: int) -> None:
        seed = seed_of(self.result.seed, number, self._lives[number])
        self._lives[number] += 1
        self._workers[number] = self._pool.start(number, seed)

    def _replace(self, number: int) -> None:
        """Name a worker that died, and start another one in its place while the search goes on."""
        dead = self._workers.pop(number)
        dead.stop()
        self._dead_in_a_row[number] += 1
        if self._is_ending:
            self._say(f"Worker {number} ({dead.name}) died.")
            return
        if self._dead_in_a_row[number] >= MOST_LIVES:
            times = f"{MOST_LIVES} times before it ended a batch"
            raise PoolFailed(f"Worker {number} died {times}; the last was {dead.name}.")
        self._start(number)
        successor = self._workers[number].name
        self._say(f"Worker {number} ({dead.name}) died, and {successor} took its place.")

    def _say(self, sentence: str) -> None:
        self.result.deaths.append(sentence)
        self.result.news.append(sentence)


def _shares(steps: int | None, workers: int) -> dict[int, int]:
    """Return how many steps each worker does; the first ones do what is left over."""
    whole, rest = divmod(steps or 0, workers)
    return {number: whole + (number <= rest) for number in range(1, workers + 1)}

"""Turns handed out to workers until a budget is spent; whoever dies is replaced."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from threading import current_thread, main_thread
from time import monotonic
from typing import Any, Final, Generic, TypeVar

from ringfence.engine.confirming import Unconfirmed
from ringfence.engine.corpus.corpus import BadCorpus
from ringfence.engine.workers.crew import Crew, CrewFailed, Worker, WorkerDied
from ringfence.engine.workers.job import seed_of
from ringfence.engine.workers.together import Together
from ringfence.engine.workers.turns import Told
from ringfence.types.errors import AdapterFault

MOST_LIVES: Final = 5  # of a worker that dies again and again without ending a turn
REFUSALS: Final = (AdapterFault, CrewFailed, BadCorpus, Unconfirmed)
HEARD_EVERY: Final = 0.2  # seconds between two looks at the clock

T = TypeVar("T", bound=Told)
J = TypeVar("J", bound=Together[Any, Any])


def run(
    crew: Crew[Any],
    done: J,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    told: Callable[[J], None] = lambda done: None,
) -> J:
    """Have ``done.workers`` search until the seconds or the steps are spent, or the user interrupts.

    ``told`` hears what was done after every turn, and now and then between. A worker that dies is replaced.
    What makes going on impossible is the ``complaint`` of what was done until then; raises it, AdapterFault,
    CrewFailed, BadCorpus or Unconfirmed, when nothing was.
    """
    campaign = _Campaign(crew, done, seconds, steps, told)
    try:
        with _interrupts() as was_interrupted:
            campaign.run(was_interrupted)
    except KeyboardInterrupt:
        done.is_interrupted = True
        campaign.gather()
    except REFUSALS as refusal:
        if not done.steps:
            raise
        done.complaint = str(refusal)
        campaign.gather()
    finally:
        campaign.end()
    return done


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Keep the user's first interrupt until it is asked for; the second one is raised wherever it comes.

    One that is raised while futures are waited for may leave their locks taken, and a worker's answer would
    wait for them for ever.
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


def _left_over(steps: int, turn: Told) -> int:
    """Return the steps that a turn left undone, by a finding or its time; one that did none is over."""
    return max(0, steps - turn.counted) if turn.counted else 0


class _Campaign(Generic[T, J]):
    def __init__(
        self,
        crew: Crew[T],
        done: J,
        seconds: float | None,
        steps: int | None,
        told: Callable[[J], None],
    ) -> None:
        self.done = done
        self._crew, self._told = crew, told
        self._seconds, self._steps = seconds, steps
        self._is_ending = False
        self._asked = 0  # steps that were handed out
        self._lives: Counter[int] = Counter()
        self._dead_in_a_row: Counter[int] = Counter()
        self._workers: dict[int, Worker[T]] = {}
        self._turns: dict[Future[T], tuple[int, int]] = {}  # whose, and how many steps
        self._begun = monotonic()

    def run(self, was_interrupted: Callable[[], bool]) -> None:
        """Hire, and hand out turns until the budget is spent and all have answered.

        Raises KeyboardInterrupt, between two looks, once the user has interrupted.
        """
        for number in range(1, self.done.workers + 1):
            self._hire(number)
        places = (f"worker {number} is {worker.name}" for number, worker in self._workers.items())
        self.done.news.append(", ".join(places))
        self._begun = monotonic()
        for number in self._workers:
            self._hand_out(number)
        self._told(self.done)
        while self._turns:
            if was_interrupted():
                raise KeyboardInterrupt
            self._hear(HEARD_EVERY)

    def gather(self) -> None:
        """Take in the turns that are still running, and whatever else goes wrong."""
        self._is_ending = True
        while self._turns:
            try:
                self._hear(None)
            except REFUSALS as refusal:
                self.done.complaint = str(refusal)

    def end(self) -> None:
        """Let all workers go."""
        self.done.seconds = monotonic() - self._begun
        for worker in self._workers.values():
            worker.stop()
        self._crew.close()

    def _hear(self, patience: float | None) -> None:
        ready, _ = wait(self._turns, timeout=patience, return_when=FIRST_COMPLETED)
        for turn in ready:
            number, steps = self._turns.pop(turn)
            try:
                ended = turn.result()
                self.done.add(ended)
                self._asked -= _left_over(steps, ended)
                self._dead_in_a_row[number] = 0
                self._is_ending = self._is_ending or self.done.is_over
            except WorkerDied:
                self._asked -= steps
                self._bury(number)
            if not self._is_ending:
                self._hand_out(number)
        self.done.seconds = monotonic() - self._begun
        self._told(self.done)

    def _hand_out(self, number: int) -> None:
        left = self.done.steps_a_turn if self._steps is None else self._steps - self._asked
        is_late = self._seconds is not None and monotonic() - self._begun >= self._seconds
        if left > 0 and not is_late:
            steps = min(self.done.steps_a_turn, left)
            self._asked += steps
            self._turns[self._workers[number].turn(steps)] = number, steps

    def _hire(self, number: int) -> None:
        seed = seed_of(self.done.seed, number, self._lives[number])
        self._lives[number] += 1
        self._workers[number] = self._crew.hire(number, seed)

    def _bury(self, number: int) -> None:
        """Name a worker that died, and hire another one in its place while the search goes on."""
        dead = self._workers.pop(number)
        dead.stop()
        self._dead_in_a_row[number] += 1
        if self._is_ending:
            self._tell_death(f"Worker {number} ({dead.name}) died.")
            return
        if self._dead_in_a_row[number] >= MOST_LIVES:
            times = f"{MOST_LIVES} times before it ended a turn"
            raise CrewFailed(f"Worker {number} died {times}; the last was {dead.name}.")
        self._hire(number)
        successor = self._workers[number].name
        self._tell_death(f"Worker {number} ({dead.name}) died, and {successor} took its place.")

    def _tell_death(self, sentence: str) -> None:
        self.done.deaths.append(sentence)
        self.done.news.append(sentence)

"""A campaign of many workers: turns handed out until the budget is spent, findings brought together."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TypeAlias

from ringfence.canary import Canaries
from ringfence.contest import MODEL
from ringfence.disagreement import Disagreement
from ringfence.explore import BadCorpus
from ringfence.explore.confirming import Unconfirmed
from ringfence.explore.features import Feature
from ringfence.hunt import Catch
from ringfence.properties import LAWS
from ringfence.tally import Tally
from ringfence.workers.crew import Crew, CrewFailed, Worker, WorkerDied
from ringfence.workers.job import seed_of
from ringfence.workers.searcher import Turn

STEPS_A_TURN: Final = 1_000
MOST_LIVES: Final = 5  # of a worker that dies again and again without ending a turn
REFUSALS: Final = (CrewFailed, BadCorpus, Unconfirmed)
HEARD_EVERY: Final = 0.2  # seconds between two looks at the clock
WHICH: Final = re.compile(r"\[.*?\]|\d+")  # of many positions, accounts or events; and how much

Finding: TypeAlias = Disagreement | Catch
Cause: TypeAlias = tuple[str, str, str]


@dataclass(slots=True)
class Joint:
    """What all workers have done together. ``processor_seconds`` are those of all turns.

    ``findings`` are one for each cause, in the order in which they came; ``seen`` says how often each cause
    came. ``deaths`` names every worker that died, a sentence each; ``news`` are sentences for whoever
    follows: who started, and who died. ``tested`` says how often each law was put to the test, ``untested``
    are laws that apply and never were, by any worker. ``canaries``: whether all workers saw what they must.
    """

    seed: int
    workers: int
    seconds: float = 0.0
    processor_seconds: float = 0.0
    tally: Tally = field(default_factory=Tally)
    law_steps: int = 0
    reached: set[Feature] = field(default_factory=set)
    findings: dict[Cause, Finding] = field(default_factory=dict)
    seen: Counter[Cause] = field(default_factory=Counter)
    tested: Counter[str] = field(default_factory=Counter)
    applicable: set[str] = field(default_factory=set)
    deaths: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    canaries: Canaries = field(default_factory=Canaries)
    complaint: str = ""
    is_interrupted: bool = False

    @property
    def steps(self) -> int:
        """Return the steps of all workers."""
        return self.tally.steps + self.law_steps

    @property
    def untested(self) -> tuple[str, ...]:
        """Return the laws that apply and were never put to the test."""
        return tuple(law.id for law in LAWS if law.id in self.applicable and not self.tested[law.id])

    def add(self, turn: Turn) -> None:
        """Bring in what a turn has done."""
        self.tally.update(turn.explored.tally)
        self.law_steps += turn.law_steps
        self.processor_seconds += turn.seconds
        self.reached.update(turn.reached)
        self.tested.update(turn.tested)
        self.applicable.update(turn.tested, turn.untested)
        self.canaries = _seen_by_both(self.canaries, turn.canaries)
        self.complaint = turn.explored.complaint or self.complaint
        for found in turn.found:
            cause = cause_of(found)
            self.findings.setdefault(cause, found)
            self.seen[cause] += 1


def _seen_by_both(first: Canaries, second: Canaries) -> Canaries:
    """Return what both searches saw; where one had nothing to see by, the other decides."""

    def both(*seen: bool | None) -> bool | None:
        told = [each for each in seen if each is not None]
        return all(told) if told else None

    return Canaries(both(first.law, second.law), both(first.comparison, second.comparison))


def cause_of(found: Finding) -> Cause:
    """Return the law, the last action, and what differs or is complained of, without its numbers."""
    action = type(found.program[-1].action).__name__ if found.program else "opening"
    if isinstance(found, Disagreement):
        return MODEL, action, _kind(found.differences)
    return found.law, action, _kind(found.differs)


def _kind(differences: tuple[str, ...]) -> str:
    return WHICH.sub("", differences[0].partition(":")[0]).strip() if differences else ""


def search(
    crew: Crew,
    workers: int,
    seed: int,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    told: Callable[[Joint], None] = lambda done: None,
) -> Joint:
    """Search with so many workers until the seconds or the steps are spent, or the user interrupts.

    ``told`` hears what was done after every turn, and now and then between. A worker that dies is replaced.
    What makes going on impossible is the ``complaint`` of what was done until then; raises it, CrewFailed,
    BadCorpus or Unconfirmed, when nothing was.
    """
    campaign = _Campaign(crew, Joint(seed, workers), seconds, steps, told)
    try:
        campaign.run()
    except KeyboardInterrupt:
        campaign.done.is_interrupted = True
        campaign.gather()
    except REFUSALS as refusal:
        if not campaign.done.steps:
            raise
        campaign.done.complaint = str(refusal)
        campaign.gather()
    finally:
        campaign.end()
    return campaign.done


def _left_over(steps: int, turn: Turn) -> int:
    """Return the steps that a turn left undone because it found something; one that did none is over."""
    return max(0, steps - turn.explored.steps) if turn.explored.steps else 0


class _Campaign:
    def __init__(
        self,
        crew: Crew,
        done: Joint,
        seconds: float | None,
        steps: int | None,
        told: Callable[[Joint], None],
    ) -> None:
        self.done = done
        self._crew, self._told = crew, told
        self._seconds, self._steps = seconds, steps
        self._is_ending = False
        self._asked = 0  # steps that were handed out
        self._lives: Counter[int] = Counter()
        self._dead_in_a_row: Counter[int] = Counter()
        self._workers: dict[int, Worker] = {}
        self._turns: dict[Future[Turn], tuple[int, int]] = {}  # whose, and how many steps
        self._begun = monotonic()

    def run(self) -> None:
        """Hire, and hand out turns until the budget is spent and all have answered."""
        for number in range(1, self.done.workers + 1):
            self._hire(number)
        places = (f"worker {number} is {worker.name}" for number, worker in self._workers.items())
        self.done.news.append(", ".join(places))
        self._begun = monotonic()
        for number in self._workers:
            self._hand_out(number)
        self._told(self.done)
        while self._turns:
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
            except WorkerDied:
                self._asked -= steps
                self._bury(number)
            if not self._is_ending:
                self._hand_out(number)
        self.done.seconds = monotonic() - self._begun
        self._told(self.done)

    def _hand_out(self, number: int) -> None:
        left = STEPS_A_TURN if self._steps is None else self._steps - self._asked
        is_late = self._seconds is not None and monotonic() - self._begun >= self._seconds
        if left > 0 and not is_late:
            steps = min(STEPS_A_TURN, left)
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

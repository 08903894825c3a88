"""What a search tries next: fresh runs, and changed sequences of a corpus that reached something new."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from ringfence.engine.corpus.entry import Entry
from ringfence.engine.corpus.memory import Memory
from ringfence.engine.executors import CheckedExecutor
from ringfence.engine.features import Feature, Tracer
from ringfence.engine.generators.mutation import Again, Plan, mutated
from ringfence.engine.histories import Histories
from ringfence.engine.run import Run
from ringfence.engine.shrink import without_needless
from ringfence.types.actions import CallSequence

if TYPE_CHECKING:
    from ringfence.engine.search import Search

AFTERMATH: Final = (0, 2, 4, 8, 16)  # turns after a repeated sequence
MUTATED: Final = 0.4  # of all runs, once there is something to mutate
SHRINKING: Final = 0.1  # of all steps, at most
LONGEST_TO_SHRINK: Final = 1_500  # steps, one sequence
LONGEST_CHECKED: Final = 150  # where every property looks at each of them
UNTRACED: Final = 16  # one run in 16 is shown to a tracer though it has reached nothing new
RESCAN: Final = 20_000  # steps between two looks at what other campaigns have put into the folder


@dataclass(slots=True)
class Proposal:
    """A run to be made: the steps of ``plan``, then ``length`` turns of the generator."""

    market: str
    plan: Plan = field(default_factory=list)
    length: int = 0
    entry: Entry | None = None  # of the corpus, that it repeats
    is_history: bool = False  # that it goes on with
    is_fresh: bool = False


class Proposals(Protocol):
    """Where proposals come from; learns from what came of them."""

    @property
    def problem(self) -> str:
        """Return what is wrong with the corpus, a sentence, ``""`` when nothing is."""
        ...

    def next(self) -> Proposal:
        """Return what to try."""
        ...

    def learn(self, proposal: Proposal, run: Run) -> None:
        """Take in what came of it."""
        ...

    def flush(self) -> None:
        """Write what is to outlive the search."""
        ...

    def __len__(self) -> int: ...


class GuidedProposals:
    """Fresh and mutated runs, guided by what is new."""

    def __init__(self, search: "Search", folder: Path | None, tracer: Tracer | None) -> None:
        self._search, self._random, self._tracer = search, search.random, tracer
        markets = search.markets.values()
        self._memory = Memory(search.target.code if folder else "", markets, folder, search.target.actions)
        self._histories = Histories(search.random)
        self._has_plain_features = getattr(search.target.adapter, "features", None) is None
        self._unshrunk: deque[tuple[Entry, tuple[Feature, ...]]] = deque()
        self._steps = self._spent = 0
        self._rescan_at = RESCAN
        self._unread = ""  # what was found in the folder and can't be read

    @property
    def problem(self) -> str:
        """Return what can't be read of the corpus, or be written now."""
        return self._unread or self._memory.corpus.problem

    def __len__(self) -> int:
        return len(self._memory.corpus)

    def stored(self, market: str) -> list[Entry]:
        """Return the entries of a market, in the order in which they came."""
        return self._memory.corpus.of(market)

    def first(self, entries: Iterable[Entry]) -> None:
        """Propose some sequences before all others, as if the corpus had them."""
        self._memory.waiting.extend(entries)

    def next(self) -> Proposal:
        """Return a sequence of the corpus, a mutated one, a fresh run, or a long one."""
        self._shrink_some()
        if self._memory.waiting:
            entry = self._memory.waiting.popleft()
            return Proposal(entry.market, repeated(entry.sequence), entry=entry)
        random = self._random
        market = random.choice(list(self._search.markets))
        if self._has_plain_features and self._histories.are_due(self._steps):
            return self._longer(market)
        parents = self._memory.parents(market, random) if random.random() < MUTATED else None
        if parents is None:
            return Proposal(market, length=random.choice(self._search.target.lengths))
        return Proposal(market, mutated(*parents, random), random.choice(AFTERMATH))

    def _longer(self, market: str) -> Proposal:
        """Return a run that goes on from the end of a long history, or else of a stored sequence."""
        parents = self._memory.parents(market, self._random)
        sequence, turns = self._histories.next(market, tuple(parents[0].sequence) if parents else ())
        return Proposal(market, repeated(sequence), turns, is_history=True)

    def learn(self, proposal: Proposal, run: Run) -> None:
        """Keep a run as far as it reached something new."""
        self._steps += len(run.steps)
        if proposal.is_history:
            self._histories.learn(proposal.market, run)
        if proposal.entry:
            self._learn_entry(proposal.entry, run)
        else:
            self._keep(proposal.market, run)
        if self._steps >= self._rescan_at:
            self._rescan_at = self._steps + RESCAN
            self.rescan()

    def rescan(self) -> None:
        """Take in what others have put into the corpus."""
        self._unread = self._memory.rescan() or self._unread

    def flush(self) -> None:
        """Write the corpus."""
        self._memory.corpus.flush()

    def _learn_entry(self, entry: Entry, run: Run) -> None:
        new = self._new(run) | self._traced(entry.market, run.sequence, always=True)
        self._memory.know(entry, run.opened + [None] * (len(entry.sequence) - len(run.opened)))
        if new and not entry.is_shrunk:
            self._unshrunk.append((entry, tuple(new)))

    def _keep(self, market: str, run: Run) -> None:
        new = self._new(run)
        sequence = run.sequence
        traced = self._traced(market, sequence, always=bool(new))
        if not (new or traced) or not sequence:
            return
        stored, opened = (sequence, run.opened) if traced else run.needed(new)
        new |= traced
        entry = self._memory.keep(market, stored, opened, new)
        self._unshrunk.append((entry, tuple(new)))

    def _shrink_some(self) -> None:
        """Remove from stored sequences the steps that they do not need, for a part of all steps."""
        while self._unshrunk and self._spent + LONGEST_CHECKED <= SHRINKING * self._steps:
            entry, wanted = self._unshrunk.popleft()
            before = self._search.result.steps
            self._shrink(entry, frozenset(wanted))
            spent = self._search.result.steps - before
            self._spent += spent
            self._steps += spent
            if not spent:
                return

    def _shrink(self, entry: Entry, wanted: frozenset[Feature]) -> None:
        executor = self._search.fixtures.executor(entry.market, is_compared=True)
        is_checked = isinstance(executor, CheckedExecutor)
        limit = self._search.result.steps + (LONGEST_CHECKED if is_checked else LONGEST_TO_SHRINK)

        def reaches(sequence: CallSequence) -> Sequence[int | None] | None:
            if self._search.result.steps >= limit:
                return None
            proposal = Proposal(entry.market, repeated(sequence))
            run = self._search.perform(proposal, executor, is_compared=not is_checked)
            is_same = run.executor.found is None and self._has(run, entry.market, wanted)
            return run.opened if is_same else None

        sequence, opened = without_needless(entry.sequence, reaches)
        if opened is not None:
            shorter = Entry.of(entry.market, sequence, entry.reached, is_shrunk=True)
            self._memory.replace(entry, shorter, opened)

    def _traced(self, market: str, sequence: CallSequence, *, always: bool) -> frozenset[Feature]:
        """Return what a tracer is first to see in this sequence, which it is shown now and then at least."""
        if self._tracer is None or not (always or self._random.randrange(UNTRACED) == 0):
            return frozenset()
        new = self._tracer.new(market, sequence)
        self._search.result.reached += new
        return new

    def _has(self, run: Run, market: str, wanted: frozenset[Feature]) -> bool:
        """Return whether a run reached all of these, those that only a tracer sees among them."""
        unseen = wanted - run.reached.keys()
        if not unseen or not unseen.isdisjoint(self._memory.seen):
            return not unseen
        return self._tracer is not None and unseen <= self._tracer.all(market, run.sequence)

    def _new(self, run: Run) -> frozenset[Feature]:
        """Return what a run reached that was never reached before, and remember it."""
        new = self._memory.news(run.reached)
        self._search.result.reached += new
        return frozenset(new)


def repeated(sequence: CallSequence) -> Plan:
    """Return the plan of a sequence, unchanged."""
    return [Again(step, None, {}) for step in sequence]

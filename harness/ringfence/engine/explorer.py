"""The explorer: random rules and mutated programs straight on the EVM, guided by what is new."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.confirming import Confirming
from ringfence.engine.corpus.entry import Entry
from ringfence.engine.corpus.memory import Memory
from ringfence.engine.features import Feature, Standings, Tracer
from ringfence.engine.generators.mutation import Again, Plan, mutated
from ringfence.engine.generators.rules import chosen_rules
from ringfence.engine.result import Explored
from ringfence.engine.run import Run
from ringfence.engine.subject import Difference, DirectMarket, Subject
from ringfence.engine.trimming import trimmed
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rules import AllRules

LENGTHS: Final = (8, 16, 32, 64)  # steps of a run
AFTERMATH: Final = (0, 2, 4, 8, 16)  # rules played after a program that was done again
MUTATED: Final = 0.4  # of all runs, once there is something to mutate
TRIMMING: Final = 0.1  # of all steps, at most
MOST_TO_TRIM: Final = 1_500  # steps, one program
UNTRACED: Final = 16  # one run in so many is shown to a tracer though it has reached nothing new
RESCAN: Final = 20_000  # steps between two looks at what other campaigns have put into the folder


class Explorer:
    """Explores one vault in some markets, in one process.

    Its draws depend on the seed and on what the corpus had at the start; what another campaign puts into the
    same folder meanwhile changes them. ``run`` can be called again and again, and goes on where it was.
    """

    def __init__(
        self,
        setups: Iterable[MarketSetup],
        seed: int,
        corpus: Path | None = None,
        *,
        subject: Subject,
        tracer: Tracer | None = None,
    ) -> None:
        """Read the corpus, whose programs are done first; without a folder it lives in memory.

        ``tracer`` sees more than situations, branches of the Solidity sources say: in programs that are kept,
        and in some others.
        Raises BadCorpus.
        """
        self._setups = {setup.name: setup for setup in setups}
        self._seed, self._random = seed, Random(seed)
        self._subject, self._tracer = subject, tracer
        self._confirming = Confirming(subject, self._setups.values())
        self._markets: dict[str, DirectMarket] = {}
        self._standings = {name: Standings(setup) for name, setup in self._setups.items()}
        self._player = AllRules()
        self._memory = Memory(subject.code, self._setups.values(), corpus)
        self._untrimmed: deque[tuple[Entry, tuple[Feature, ...]]] = deque()
        self._steps = self._spent_trimming = 0
        self._rescan_at = RESCAN

    def kept(self, market: str) -> list[Entry]:
        """Return the programs kept in a market, in the order in which they came."""
        return self._memory.corpus.of(market)

    def run(
        self,
        *,
        steps: int | None = None,
        seconds: float | None = None,
        told: Callable[[Explored], None] = lambda done: None,
    ) -> Explored:
        """Explore until so many steps are done or so many seconds have passed, or something is found.

        A run that was begun is ended, so that a few steps more may be done. ``told`` hears what was done,
        after every run. An interrupt by the user ends the call, and what was done is returned.
        Raises Unconfirmed.
        """
        self._done = done = Explored(self._seed)
        budget = Budget(None, seconds, steps)
        begun = monotonic()
        try:
            while not done.disagreements and not budget.is_spent(done.tally, monotonic() - begun):
                self._round()
                told(done)
        except KeyboardInterrupt:
            done.is_interrupted = True
        kept = self._memory.corpus
        kept.flush()
        done.seconds, done.entries = monotonic() - begun, len(kept)
        done.complaint = done.complaint or kept.complaint
        return done

    def _round(self) -> None:
        """Do one run: a program of the corpus, one to be trimmed, or a new one."""
        before = self._done.steps
        if self._memory.waiting:
            self._replay(self._memory.waiting.popleft())
        elif self._untrimmed and self._spent_trimming < TRIMMING * self._steps:
            entry, wanted = self._untrimmed.popleft()
            self._trim(entry, frozenset(wanted))
            self._spent_trimming += self._done.steps - before
        else:
            self._explore(self._random.choice(list(self._setups)))
        self._steps += self._done.steps - before
        if self._steps >= self._rescan_at:
            self._rescan_at = self._steps + RESCAN
            self._done.complaint = self._memory.rescan()

    def _explore(self, market: str) -> None:
        """Play random rules, after a mutated program or from the opening."""
        random = self._random
        parents = self._memory.parents(market, random) if random.random() < MUTATED else None
        plan: Plan = mutated(*parents, random) if parents else []
        length = random.choice(AFTERMATH if plan else LENGTHS)
        run = self._performed(market, plan, length)
        if run is not None:
            self._keep(market, run)

    def _replay(self, entry: Entry) -> None:
        """Do a program of the corpus as it is."""
        run = self._repeated(entry.market, entry.program)
        if run is None:
            return
        new = self._new(run) | self._traced(entry.market, entry.program, always=True)
        self._memory.know(entry, run.opened)
        if new and not entry.is_trimmed:
            self._untrimmed.append((entry, tuple(new)))

    def _trim(self, entry: Entry, wanted: frozenset[Feature]) -> None:
        """Put in an entry's place what of it is needed."""
        limit = self._done.steps + MOST_TO_TRIM

        def reaches(program: CallSequence) -> Sequence[int | None] | None:
            run = self._repeated(entry.market, program) if self._done.steps < limit else None
            return run.opened if run is not None and self._has(run, entry.market, wanted) else None

        program, opened = trimmed(entry.program, reaches)
        if opened is not None:
            shorter = Entry.of(entry.market, program, entry.reached, is_trimmed=True)
            self._memory.replace(entry, shorter, opened)

    def _keep(self, market: str, run: Run) -> None:
        """Keep a run as far as it reached something new."""
        new = self._new(run)
        traced = self._traced(market, run.program, always=bool(new))
        if not new and not traced:
            return
        program, opened = (run.program, run.opened) if traced else run.needed(new)
        new |= traced
        entry = self._memory.keep(market, program, opened, new)
        self._untrimmed.append((entry, tuple(new)))

    def _traced(self, market: str, program: CallSequence, *, always: bool) -> frozenset[Feature]:
        """Return what a tracer is first to see in this program, which it is shown now and then at least."""
        if self._tracer is None or not (always or self._random.randrange(UNTRACED) == 0):
            return frozenset()
        new = self._tracer.new(market, program)
        self._done.reached += new
        return new

    def _has(self, run: Run, market: str, wanted: frozenset[Feature]) -> bool:
        """Return whether a run reached all of these, those that only a tracer sees among them."""
        unseen = wanted - run.reached.keys()
        if not unseen or not unseen.isdisjoint(self._memory.seen):
            return not unseen
        return self._tracer is not None and unseen <= self._tracer.all(market, run.program)

    def _new(self, run: Run) -> frozenset[Feature]:
        """Return what a run reached that was never reached before, and remember it."""
        new = self._memory.news(run.reached)
        self._done.reached += new
        return frozenset(new)

    def _repeated(self, market: str, program: CallSequence) -> Run | None:
        """Do a program; None when vault and model part."""
        return self._performed(market, [Again(step, None, {}) for step in program], 0)

    def _performed(self, market: str, plan: Plan, rules_played: int) -> Run | None:
        """Carry out a plan, then play rules; None when vault and model part."""
        direct = self._market(market)
        if direct is None:
            return None
        standings = self._standings[market]
        run, random = Run(direct, standings, self._done.tally), self._random
        self._player.start(self._setups[market], direct.model, run.do)
        rules = chosen_rules(AllRules, random) if rules_played or None in plan else []
        try:
            for again in plan:
                if again is None:
                    random.choice(rules).play(self._player, random)
                else:
                    self._player.repeat(again.named())
                    again.note(run.opened[-1])
            for _ in range(rules_played):
                random.choice(rules).play(self._player, random)
            direct.finish()
        except Difference:
            self._keep_difference(market, run)
            return None
        return run

    def _market(self, name: str) -> DirectMarket | None:
        """Return a market, started when it is first asked for; None when it differs from the opening on."""
        if name not in self._markets:
            try:
                self._markets[name] = self._subject.direct(self._setups[name])
            except Difference:
                self._done.disagreements.append(self._confirming.opening(name))
                return None
        return self._markets[name]

    def _keep_difference(self, market: str, run: Run) -> None:
        """Keep what a run reached, and tell the difference that ended it."""
        program = run.program
        del run.steps[-1]
        self._keep(market, run)
        found = self._confirming.disagreement(market, program)
        if found is not None:
            self._done.disagreements.append(found)

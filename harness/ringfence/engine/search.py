"""A search for a program that breaks a law of a vault, or tells it from its reference."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final

from ringfence.engine.canary import Canaries, doctored
from ringfence.engine.corpus.memory import Memory
from ringfence.engine.differences import differences
from ringfence.engine.features import Feature
from ringfence.engine.generators.by_trying import ByTrying
from ringfence.engine.generators.mutation import Again, Plan, rearranged
from ringfence.engine.guard import Guarded
from ringfence.engine.replay import replay
from ringfence.engine.shrink import minimise
from ringfence.engine.start import exhibit, setup_of
from ringfence.engine.storage_watch import StorageWatch, Unseen
from ringfence.evm.chains.base import Chain
from ringfence.properties import Violation
from ringfence.properties.abilities import Need
from ringfence.properties.history import opened_by
from ringfence.types.actions import CallSequence, Step
from ringfence.types.errors import AdapterFault
from ringfence.types.outcome import Done, Outcome, Refused

MODEL: Final = "MODEL"
LENGTHS: Final = (6, 12, 24)  # steps of a run
PROBED: Final = 0.1  # of all probes, after each step
REARRANGED: Final = 0.3  # of all runs, once there is a program to start from


@dataclass(frozen=True, slots=True)
class Caught:
    """A law that was broken, or ``MODEL``: vault and reference differ; and the shortest program."""

    law: str
    complaint: str
    program: CallSequence
    also: tuple[str, ...]
    steps: int
    seconds: float


@dataclass(slots=True)
class Searched:
    """What was done: how often each law that applies was put to the test, and what was found."""

    seed: int
    runs: int = 0
    steps: int = 0
    seconds: float = 0.0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    reached: list[Feature] = field(default_factory=list)  # for the first time
    sentences: dict[str, str] = field(default_factory=dict)  # of every law, by id
    tested: dict[str, int] = field(default_factory=dict)
    not_applicable: dict[str, frozenset[Need]] = field(default_factory=dict)
    unseen: list[Unseen] = field(default_factory=list)
    canaries: Canaries = field(default_factory=Canaries)
    words_checked: int = 0
    caught: Caught | None = None
    fault: str | None = None
    complaint: str = ""  # about a corpus that could not be written
    is_interrupted: bool = False

    @property
    def untested(self) -> list[str]:
        """Return the laws that apply and were never put to the test."""
        return [law for law, count in self.tested.items() if not count]

    @property
    def is_clean(self) -> bool:
        """Return whether nothing is to be told of the vault, its adapter or the search."""
        is_whole = not (self.unseen or self.untested or self.canaries.complaints)
        return is_whole and not (self.caught or self.fault or self.complaint or self.is_interrupted)


class Search:
    """Runs of random steps, each from the vault's opening."""

    def __init__(self, adapter: Any, seed: int, law: str | None = None, corpus: Path | None = None) -> None:
        """Start the vault; any law is searched for, or one alone. Raises AdapterFault, BadCorpus.

        The programs in the folder ``corpus`` are done first, and new ones are made from them.
        """
        self.done = Searched(seed)
        self.shown = exhibit(adapter)
        self.inspection = self.shown.inspection
        self._law = law
        self._random = Random(seed)
        vault = self.inspection.subject.vault
        assert isinstance(vault, Guarded)
        self._vault = vault
        self._storage = StorageWatch(vault)
        self._driver = ByTrying(vault, self._random)
        self._market = setup_of(adapter)
        self._memory = Memory(self.shown.code, [self._market], corpus)
        self._is_guided = corpus is not None
        self._reached: dict[Feature, int] = {}

    def run(self, seconds: float, runs: int | None = None, steps: int | None = None) -> Searched:
        """Search until something is found, or the time, the runs or the steps are spent."""
        begun = monotonic()
        try:
            while self.done.caught is None and not self._is_spent(monotonic() - begun, seconds, runs, steps):
                found = self._run()
                self._remember()
                self.done.runs += 1
                if found:
                    self._keep(found, monotonic() - begun)
        except AdapterFault as fault:
            self.done.fault = str(fault)
        except KeyboardInterrupt:
            self.done.is_interrupted = True
        self._count()
        self.done.seconds = monotonic() - begun
        self.done.complaint = self._memory.corpus.complaint
        return self.done

    def turn(self, seconds: float, steps: int) -> Searched:
        """Go on, after a finding too, with what others have kept in the corpus; tell of this turn alone.

        ``unseen`` storage is told of all turns.
        """
        unread = self._memory.rescan()
        tested, words = self.inspection.checker.tested.copy(), self._storage.checked
        self.done = Searched(self.done.seed)
        done = self.run(seconds, steps=steps)
        done.tested = {law: count - tested[law] for law, count in done.tested.items()}
        done.words_checked -= words
        done.complaint = done.complaint or unread
        return done

    def _is_spent(self, spent: float, seconds: float, runs: int | None, steps: int | None) -> bool:
        is_over = steps is not None and self.done.steps >= steps
        return is_over or spent >= seconds or self.done.runs == runs

    @property
    def chain(self) -> Chain:
        """Return the chain that the vault is on."""
        return self._vault.bench.chain

    def play(self) -> CallSequence:
        """Make one run, whatever it breaks, and return its program; raises AdapterFault."""
        self._run()
        return self._last

    def _run(self) -> Violation | None:
        """Play some steps from the opening; return what they broke."""
        self.shown.restart()
        self._driver.restart()
        self._reached = {}
        self._last: CallSequence = ()
        found = self._wanted(self.inspection.probe_origin())
        for again in self._plan():
            if found:
                return found
            drawn = again.named() if again else None
            step = drawn or self._driver.step(self.inspection.state, self.inspection.moment)
            found = self._wanted(self._apply(step))
            if again:
                again.note(opened_by(self.inspection.transitions[-1:])[0])
            found = found or self._wanted(self.inspection.probe(lambda: self._random.random() < PROBED))
        program = self._program()
        found = found or self._wanted(self.inspection.relive())
        self._last = program
        return found

    def _plan(self) -> Plan:
        """Return what the next run does: a program of the corpus, or random steps, perhaps after one."""
        random = self._random
        drawn: Plan = [None] * random.choice(LENGTHS)
        if self._memory.waiting:
            return [Again(step, None, {}) for step in self._memory.waiting.popleft().program]
        if not self._is_guided or random.random() >= REARRANGED:
            return drawn
        parents = self._memory.parents(self._market.name, random)
        return rearranged(*parents, random) + drawn if parents else drawn

    def _remember(self) -> None:
        """Keep the run's program if it reached something new."""
        new = self._memory.news(self._reached)
        if new:
            self.done.reached += new
            last = max(self._reached[feature] for feature in new)
            opened = opened_by(self.inspection.transitions)[:last]
            self._memory.keep(self._market.name, self._last[:last], opened, new)

    def _apply(self, step: Step) -> list[Violation]:
        held = self.inspection.state.positions.get(step.action.position_named or 0)
        before = self._storage.before(step.action, self.inspection.state)
        outcome, violations = self.inspection.apply(step)
        self._note(step, outcome, 0 if held is None else 1 if held.size > 0 else -1)
        if before is not None and not isinstance(outcome, Refused):
            self._storage.after(before, step, self.inspection.state)
        self._last = self._program()
        return violations + self._against_reference(step, outcome)

    def _against_reference(self, step: Step, outcome: Outcome) -> list[Violation]:
        model = self.shown.model
        if model is None:
            return []
        outcomes, states = (model.apply(step), outcome), (model.observe(), self.inspection.state)
        found = differences(type(step.action).__name__, outcomes, states)
        return [
            Violation(MODEL, f"{each.field}: reference {each.model!r}, vault {each.chain!r}")
            for each in found[:1]
        ]

    def _wanted(self, violations: Iterable[Violation]) -> Violation | None:
        return next((each for each in violations if self._law in (None, each.property_id)), None)

    def _note(self, step: Step, outcome: Outcome, side: int) -> None:
        """Count a step, and note what it reached; ``side`` is that of the position it was about."""
        self.done.steps += 1
        end = outcome.error if isinstance(outcome, Refused) else "done"
        self.done.outcomes[type(step.action).__name__, end] += 1
        sides = frozenset(held.size > 0 for held in self.inspection.state.positions.values())
        feature = type(step.action).__name__, end, side, len(sides)
        self._reached.setdefault(feature, len(self.inspection.transitions))

    def _program(self) -> CallSequence:
        return tuple(transition.step for transition in self.inspection.transitions)

    def _keep(self, found: Violation, seconds: float) -> None:
        """Shorten the program of the run, and keep what it breaks; what is done for that is not counted."""
        checker = self.inspection.checker
        self.done.caught = Caught(found.property_id, found.message, self._last, (), self.done.steps, seconds)
        try:
            complaint, shortest = self._shortened(found)
            also = self._also(shortest, found.property_id)
        finally:
            self.inspection.checker = checker
        self.done.caught = Caught(found.property_id, complaint, shortest, also, self.done.steps, seconds)

    def _shortened(self, found: Violation) -> tuple[str, CallSequence]:
        """Return what the shortest program breaks, and the program; raises AdapterFault."""
        law = None if found.property_id == MODEL else found.property_id

        def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
            *_, last = replay(self.shown, candidate, law)
            fails = any(each.property_id == law for each in last.violations) if law else last.differences
            opened = opened_by(self.inspection.transitions)
            return opened + [None] * (len(candidate) - len(opened)) if fails else None

        try:
            shortest = minimise(self._last, attempt, first_answer=self._vault.facts.answer)
        except ValueError:
            again = f"{self._vault.name} does not do the same when a program is done again"
            raise AdapterFault(
                f"{again}, so that {found.property_id} can't be shown: {found.message}"
            ) from None
        *_, last = replay(self.shown, shortest, law)
        return (last.violations[0].message if law else str(last.differences[0])), shortest

    def _also(self, program: CallSequence, law: str) -> tuple[str, ...]:
        """Return which other laws a program breaks."""
        self.inspection.checker = self.inspection.checker.only(*self.inspection.checker.properties)
        self.shown.restart()
        found = self.inspection.probe_origin()
        for step in program:
            found += self.inspection.apply(step)[1]
        return tuple(sorted({violation.property_id for violation in found + self.inspection.end()} - {law}))

    def _count(self) -> None:
        checker = self.inspection.checker
        self.done.tested = {
            law: checker.tested[law] for law in checker.properties if law in checker.applicable
        }
        self.done.sentences = {law.id: law.sentence for law in checker.properties.values()}
        self.done.not_applicable = checker.not_applicable
        self.done.unseen = list(self._storage.unseen.values())
        self.done.words_checked = self._storage.checked
        law = None if not self.done.steps else not checker.is_blind
        self.done.canaries = Canaries(law, self._tells_a_double_from_the_reference())

    def _tells_a_double_from_the_reference(self) -> bool | None:
        """Return whether a state that is one token off is told from the reference's, if there is one."""
        if self.shown.model is None:
            return None
        told, state = Done(None, ()), self.shown.model.observe()
        return bool(differences("", (told, told), (state, doctored(state))))

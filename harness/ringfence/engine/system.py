"""A vault under test, its reference model if any, and the properties, at one point of a call sequence."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, NamedTuple

from ringfence.engine.differences import differences, is_tolerated
from ringfence.properties import PROPERTIES, Ability, Checker, Property, Violation
from ringfence.properties.abilities import Need
from ringfence.properties.book import Valuation
from ringfence.properties.branch import Branch
from ringfence.properties.history import History, opened_by
from ringfence.properties.transition import Transition
from ringfence.types.actions import Alphabet, CallSequence, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.finding import Difference
from ringfence.types.market import VaultMarket
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.shapes import NO_NAMES
from ringfence.types.state import VaultState
from ringfence.types.totals import Total

MODEL: Final = "MODEL"  # the id under which a mismatch with the reference model is looked for


class Violated(AssertionError):
    """A call sequence violates a property, or vault and reference model differ at its end."""

    def __init__(
        self, sequence: CallSequence, violations: Sequence[Violation], mismatches: Sequence[str]
    ) -> None:
        last = f"step {len(sequence)}: {sequence[-1]}" if sequence else "the start"
        lines = [
            last,
            *mismatches,
            *(f"{each.property_id}: {each.message}" for each in violations if each.property_id != MODEL),
        ]
        super().__init__("\n  ".join(lines))
        self.sequence, self.violations, self.mismatches = sequence, tuple(violations), tuple(mismatches)


class Checked(NamedTuple):
    """What came of a step, and what it violates."""

    outcome: Outcome
    violations: list[Violation]


class System:
    """Runs call sequences on a vault, each from where the vault was at first.

    ``transitions`` are the steps since then. ``mismatches`` are the first in which vault and reference model
    differ, ``mismatches_here`` those after the last step. ``violated_at`` says after how many steps a
    property was first seen violated. ``tried`` counts what the EVM was sent and asked by properties.
    ``reference_name`` is what tables call the reference.
    """

    reference_name = "model"

    def __init__(
        self,
        vault: RewindableVault,
        moment: Moment,
        market: VaultMarket,
        *,
        reference: RewindableVault | None = None,
        valuation: Valuation | None = None,
        properties: Iterable[Property] = PROPERTIES,
        tolerances: Mapping[str, int] | None = None,
    ) -> None:
        """Take a vault and a reference model as they are now: that is the origin.

        ``tolerances`` are units by which amounts of both may differ, by the amounts' names.
        """
        self.tolerances = tolerances or {}
        self.vault, self.reference, self.market, self.valuation = vault, reference, market, valuation
        stated: frozenset[Ability] = getattr(vault, "abilities", frozenset())
        self.actions = Alphabet(getattr(vault, "actions", ()))
        kinds = {declared.kind for declared in self.actions}
        self._first = vault.observe()
        shown = {total for total in Total if total in self._first.totals}
        self.abilities: frozenset[Need] = stated | {Ability.REWIND} | kinds | shown
        self.checker = Checker(properties, self.abilities, self.actions)
        self._first_moment = moment
        self.tried = 0
        self.mismatches: tuple[Difference, ...] = ()
        self.mismatches_here: tuple[Difference, ...] = ()
        self._first_mismatches: tuple[Difference, ...] = ()
        self._origin: object = None
        self._reference_origin: object = None
        self._mark_origin()

    def open(self, opening: CallSequence) -> list[Outcome]:
        """Carry out the opening steps, which are no part of call sequences; then that is the origin."""
        outcomes = [self._carried_out(step).outcome for step in opening]
        self._first_moment = self.moment
        found = self.mismatches
        self._mark_origin()
        self._first_mismatches = found or self._first_mismatches
        self.restart(restore=False)
        return outcomes

    def restart(self, *, restore: bool = True) -> None:
        """Go back to the origin."""
        if restore:
            self.vault.restore(self._origin)
            if self.reference:
                self.reference.restore(self._reference_origin)
        self.state, self.moment = self._first, self._first_moment
        self.transitions: list[Transition] = []
        self.mismatches = self.mismatches_here = self._first_mismatches
        self.violations: list[Violation] = []
        self.violated_at: dict[str, int] = {}
        self.expected: Outcome | None = Done(None, ()) if self.reference else None
        if self.mismatches:
            self._note([self._mismatch()])

    def apply(self, step: Step) -> Checked:
        """Carry out a step; return what came of it, and what it violates."""
        t = self._carried_out(step)
        found = self.checker.check_step(t)
        if t.done:
            with self._trying():
                found += self.checker.check_follow_ups(self._branch())
        if self.mismatches and MODEL not in self.violated_at:
            found.append(self._mismatch())
        return Checked(t.outcome, self._note(found))

    def run(self, sequence: Iterable[Step]) -> None:
        """Carry out steps until one violates something; raises Violated."""
        self.must(self.violations)
        for step in sequence:
            self.do(step)

    def do(self, step: Step) -> Outcome:
        """Carry out a step; return what came of it. Raises Violated."""
        outcome, violations = self.apply(step)
        self.must(violations)
        return outcome

    def must(self, violations: Sequence[Violation]) -> None:
        """Raise Violated if there are violations."""
        if violations:
            shown = [str(each) for each in self.mismatches]
            raise Violated(self.sequence, violations, shown)

    def speculate_at_origin(self) -> list[Violation]:
        """Return what can be violated from the very start; asked before the first step."""
        with self._trying():
            return self._note(self.checker.check_follow_ups(self._branch()))

    def speculate(self, chosen: Callable[[], bool] = lambda: True) -> list[Violation]:
        """Return what turns out violated when further actions are tried from here, if ``chosen``."""
        with self._trying():
            return self._note(self.checker.check_trials(self._branch(), chosen))

    def end(self, chosen: Callable[[], bool] = lambda: True) -> list[Violation]:
        """Probe the end of a run by what is ``chosen``, then repeat the run changed; return what is violated.

        It ends the run.
        """
        found = self.speculate(chosen)
        run = self.transitions
        with self._trying():
            found += self._note(self.checker.check_history(History(run, self._rerun)))
        self.transitions = run
        return found

    def carry_out(self, sequence: CallSequence) -> list[Violation]:
        """Carry out a whole sequence from the origin, and return all that it violates."""
        self.restart()
        self.speculate_at_origin()
        for step in sequence:
            self.apply(step)
        self.end()
        return self.violations

    def differences(
        self, action: str, outcomes: tuple[Outcome, Outcome], states: tuple[VaultState, VaultState]
    ) -> tuple[Difference, ...]:
        """Return where outcomes of an action and states after it differ by more than is tolerated, the
        reference's first.
        """
        found = self._between(action, outcomes, states)
        return tuple(each for each in found if not is_tolerated(each, self.tolerances))

    def _between(
        self, action: str, outcomes: tuple[Outcome, Outcome], states: tuple[VaultState, VaultState]
    ) -> tuple[Difference, ...]:
        """Return all differences."""
        return differences(action, outcomes, states, getattr(self.vault, "shapes", NO_NAMES))

    @property
    def sequence(self) -> CallSequence:
        """Return the steps since the origin."""
        return tuple(t.step for t in self.transitions)

    @property
    def opened(self) -> list[int | None]:
        """Return for each of these steps the position that it opened, if it did."""
        return opened_by(self.transitions)

    @contextmanager
    def only(self, property_id: str | None) -> Iterator[None]:
        """Look at one property alone, or at none but the reference model."""
        checker = self.checker
        self.checker = checker.only(*filter(None, [property_id]))
        try:
            yield
        finally:
            self.checker = checker

    @contextmanager
    def _trying(self) -> Iterator[None]:
        before = self.messages
        try:
            yield
        finally:
            self.tried += self.messages - before

    @property
    def messages(self) -> int:
        """Return what the EVM was sent and asked so far."""
        return getattr(self.vault, "messages", 0)

    def _mark_origin(self) -> None:
        self._origin, self._first = self.vault.snapshot(), self.vault.observe()
        self._reference_origin = self.reference.snapshot() if self.reference else None
        self._first_mismatches = ()
        if self.reference and self.reference.observe() != self._first:
            same = Done(None, ())
            states = self.reference.observe(), self._first
            self._first_mismatches = self.differences("", (same, same), states)
        self.restart(restore=False)

    def _carried_out(self, step: Step) -> Transition:
        t = self._transition(step)
        self.transitions.append(t)
        self.expected = self.reference.apply(step) if self.reference else None
        self.mismatches_here = self._compared(t)
        self.mismatches = self.mismatches or self.mismatches_here
        return t

    def _compared(self, t: Transition) -> tuple[Difference, ...]:
        """Return where vault and reference model differ after a step."""
        if self.reference is None or self.expected is None:
            return ()
        state = self.reference.observe()
        if self.expected == t.outcome and state == self.state:
            return ()
        return self.differences(t.action.name, (self.expected, t.outcome), (state, self.state))

    def _mismatch(self) -> Violation:
        return Violation(MODEL, str(self.mismatches[0]))

    def _note(self, violations: list[Violation]) -> list[Violation]:
        for each in violations:
            self.violations.append(each)
            self.violated_at.setdefault(each.property_id, len(self.transitions))
        return violations

    def _transition(self, step: Step) -> Transition:
        before = self.state
        outcome = self.vault.apply(step)
        moment = self.moment.at(step, done=isinstance(outcome, Done))
        now: int = getattr(self.vault, "timestamp", 0)  # later where a step took several blocks
        self.moment = replace(moment, timestamp=now) if now > moment.timestamp else moment
        self.state = self.vault.observe()
        return Transition(before, step, outcome, self.state, self.moment, self.valuation)

    def _branch(self) -> Branch:
        last = self.transitions[-1].action if self.transitions else None
        return Branch(self.vault, self.actions, self.state, self.moment, self.valuation, last)

    def _rerun(self, sequence: Iterable[Step]) -> Sequence[Transition]:
        self.vault.restore(self._origin)
        self.state, self.moment, self.transitions = self._first, self._first_moment, []
        return [self._transition(step) for step in sequence]

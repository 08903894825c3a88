"""A vault under inspection: every law looks at every step, and at what could be done next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ringfence.properties import Ability, Checker, Violation
from ringfence.properties.abilities import Need
from ringfence.properties.book import Valuation
from ringfence.properties.branch import Branch
from ringfence.properties.history import History
from ringfence.properties.transition import Transition
from ringfence.types.actions import Alphabet, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome


@dataclass(frozen=True, slots=True)
class Subject:
    """A vault, what values it (None: nothing does), and the moment that it is in."""

    vault: RewindableVault
    valuation: Valuation | None
    moment: Moment

    @property
    def abilities(self) -> frozenset[Need]:
        """Return what properties may ask of the vault."""
        told: frozenset[Ability] = getattr(self.vault, "abilities", frozenset())
        return told | {Ability.REWIND} | {declared.kind for declared in self.actions}

    @property
    def actions(self) -> Alphabet:
        """Return the vault's actions; none of a vault that no property looks at."""
        return Alphabet(getattr(self.vault, "actions", ()))


class Inspection:
    """Runs programs on a vault, each from where the vault was at first."""

    def __init__(self, subject: Subject, checker: Checker) -> None:
        """Look at ``subject`` as it is now, and remember it as the origin."""
        self.checker = checker
        self.abilities, self.actions = subject.abilities, subject.actions
        self.subject = subject
        self._origin = subject.vault.snapshot()
        self._first = subject.vault.observe()
        self.state, self.moment = self._first, subject.moment
        self.transitions: list[Transition] = []

    def restart(self) -> None:
        """Go back to the origin."""
        self.subject.vault.restore(self._origin)
        self.state, self.moment = self._first, self.subject.moment
        self.transitions = []

    def probe_origin(self) -> list[Violation]:
        """Return what can be broken from the very start; asked before the first step."""
        return self.checker.check_follow_ups(self._branch())

    def apply(self, step: Step) -> tuple[Outcome, list[Violation]]:
        """Carry out a step; return what came of it and which laws it broke."""
        transition = self._transition(step)
        self.transitions.append(transition)
        violations = self.checker.check_step(transition)
        if transition.done:
            violations += self.checker.check_follow_ups(self._branch())
        return transition.outcome, violations

    def probe(self, chosen: Callable[[], bool] = lambda: True) -> list[Violation]:
        """Return the laws that turn out broken when further actions are tried from here, if ``chosen``."""
        return self.checker.check_trials(self._branch(), chosen)

    def relive(self) -> list[Violation]:
        """Return the laws that turn out broken when the run is done again, changed; it ends the run."""
        run = self.transitions
        found = self.checker.check_history(History(run, self._rerun))
        self.transitions = run
        return found

    def end(self) -> list[Violation]:
        """Probe the end of a run, then relive it; return what was broken."""
        return self.probe() + self.relive()

    def _transition(self, step: Step) -> Transition:
        before = self.state
        outcome = self.subject.vault.apply(step)
        self.moment = self.moment.at(step, done=isinstance(outcome, Done))
        self.state = self.subject.vault.observe()
        return Transition(before, step, outcome, self.state, self.moment, self.subject.valuation)

    def _branch(self) -> Branch:
        last = self.transitions[-1].action if self.transitions else None
        subject = self.subject
        return Branch(subject.vault, self.actions, self.state, self.moment, subject.valuation, last)

    def _rerun(self, program: Iterable[Step]) -> Sequence[Transition]:
        self.restart()
        return [self._transition(step) for step in program]

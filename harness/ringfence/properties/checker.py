"""Checks a run against every property that applies, and counts how often each was put to the test."""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final

from ringfence.properties.abilities import Need
from ringfence.properties.branch import Branch
from ringfence.properties.canary import CANARY, nothing_is_ever_done
from ringfence.properties.claims import WrongAmount
from ringfence.properties.history import History
from ringfence.properties.registry import SUBJECTS, Check, Property
from ringfence.properties.transition import Transition
from ringfence.types.actions import Alphabet
from ringfence.types.kinds import Kind
from ringfence.types.state import VaultState

SEEN: Final = Property(
    CANARY, "Nothing is ever done.", (Check(nothing_is_ever_done, Transition),), is_own=True
)
TRIED: Final = (Branch, History)


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that was violated, and how; ``is_tried``: further actions or a changed run have shown it."""

    property_id: str
    message: str
    is_tried: bool = field(default=False, compare=False)


class Checker:
    """Looks at what a vault does that offers these abilities, kinds and actions.

    ``properties`` are all of that vault, by id; ``tested`` counts how often each was put to the test. Among
    them is a canary, which every step violates: ``canaries`` counts how often that was seen.
    """

    def __init__(self, properties: Iterable[Property], offered: frozenset[Need], actions: Alphabet) -> None:
        """Find which checks apply; actions that cannot be made of what checks give are not tried."""
        self.properties = {each.id: each for each in properties}
        self.missing: dict[str, frozenset[Need]] = {}  # what properties, or parts of them, would need
        self._every: dict[type, list[tuple[Property, Check]]] = {subject: [] for subject in SUBJECTS}
        tried = offered - {kind for kind in Kind if not actions.makes(kind)}
        for each in (SEEN, *self.properties.values()):
            lacks = [check.needs - (tried if check.looks_at is Branch else offered) for check in each.checks]
            for check in [check for check, lack in zip(each.checks, lacks, strict=True) if not lack]:
                self._every[check.looks_at].append((each, check))
            lacking = frozenset[Need]().union(*lacks)
            self.missing |= {each.id: lacking} if lacking else {}
        self._report(self.properties)

    def only(self, *property_ids: str) -> "Checker":
        """Return a checker that has counted nothing, and reports some of the properties alone.

        The others still try what one of these looks at.
        """
        checker = copy(self)
        checker._report(property_ids)
        return checker

    def _report(self, property_ids: Iterable[str]) -> None:
        """Look at these, and count from now on."""
        self._reported = frozenset({*property_ids, CANARY})
        on_trials = any(
            check.looks_at_trials and each.id in self._reported for each, check in self._every[Branch]
        )
        self._checks = {
            subject: [
                (each, check)
                for each, check in checks
                if each.id in self._reported or (on_trials and subject is Branch)
            ]
            for subject, checks in self._every.items()
        }
        due = (each.id for checks in self._checks.values() for each, _ in checks)
        self.applicable = self._reported.intersection(due) - {CANARY}
        self.tested: Counter[str] = Counter()
        self.canaries = 0

    @property
    def not_applicable(self) -> dict[str, frozenset[Need]]:
        """Return the properties that the vault can't be held to, with what it lacks for them."""
        return {each: lacking for each, lacking in self.missing.items() if each not in self.applicable}

    @property
    def untested(self) -> list[str]:
        """Return the properties that apply and were never put to the test."""
        return [each for each in self.properties if each in self.applicable and not self.tested[each]]

    @property
    def is_blind(self) -> bool:
        """Return whether the canary's violation was never seen, so that no other would have been."""
        return self.canaries == 0

    def check_step(self, t: Transition) -> list[Violation]:
        """Return what a step, or the state after it, violates.

        Steps of actions of no kind are looked at by the vault's own properties alone.
        """
        is_kindless = t.action.kind is Kind.OTHER
        due = [each for each in self._checks[Transition] if each[0].is_own or not is_kindless]
        found = self._look(due, t) + (self._states(t.after) if t.after is not t.before else [])
        seen = [violation for violation in found if violation.property_id != CANARY]
        self.canaries += len(found) - len(seen)
        return seen

    def check_follow_ups(self, branch: Branch) -> list[Violation]:
        """Return what is violated when what belongs after the last action is tried, or at the origin."""
        due = [each for each in self._checks[Branch] if _follows(each[1], branch)]
        return ([] if branch.last else self._states(branch.state)) + self._try(due, branch)

    def check_trials(self, branch: Branch, chosen: Callable[[], bool]) -> list[Violation]:
        """Return what is violated when further actions are tried, by the checks that are ``chosen``."""
        return self._try([each for each in self._checks[Branch] if each[1].is_free and chosen()], branch)

    def check_history(self, history: History) -> list[Violation]:
        """Return what is violated when the whole run is repeated, changed."""
        return self._look(self._checks[History], history)

    def _states(self, state: VaultState) -> list[Violation]:
        return self._look(self._checks[VaultState], state)

    def _try(self, due: list[tuple[Property, Check]], branch: Branch) -> list[Violation]:
        """Return what is violated by what is tried, then by what came of the trials."""
        found = self._look([each for each in due if not each[1].looks_at_trials], branch)
        on_trials = [each for each in self._checks[Branch] if each[1].looks_at_trials]
        return found + (self._look(on_trials, branch) if branch.outcomes else [])

    def _look(self, due: Iterable[tuple[Property, Check]], subject: Any) -> list[Violation]:
        violations = []
        for each, check in due:
            for message in check.predicate(subject):
                if each.id not in self._reported:
                    continue
                self.tested[each.id] += 1
                if message is not None and not _is_tolerated(message, each.tolerance):
                    violations.append(Violation(each.id, str(message), check.looks_at in TRIED))
        return violations


def _is_tolerated(message: str, tolerance: int) -> bool:
    """Return whether a claim is about an amount that is off by no more than a tolerance."""
    return isinstance(message, WrongAmount) and message.off <= tolerance


def _follows(check: Check, branch: Branch) -> bool:
    """Return whether a check tries something after the branch's last action, or at the origin."""
    return check.at_origin if branch.last is None else branch.last.kind in check.after

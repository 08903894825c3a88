"""Looking at a run: every law that applies, every breach, and how often each was put to the test."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ringfence.properties.abilities import Need
from ringfence.properties.branch import Branch
from ringfence.properties.canary import CANARY, nothing_is_ever_done
from ringfence.properties.claims import Claims
from ringfence.properties.history import History
from ringfence.properties.registry import Check, HistoryCheck, ProbeCheck, Property, TransitionCheck
from ringfence.properties.transition import Transition
from ringfence.types.actions import Alphabet
from ringfence.types.kinds import Kind

AnyCheck = TypeVar("AnyCheck", bound=Check)


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that was broken, and how."""

    law: str
    complaint: str


class Watch:
    """Looks at what a vault does that offers these abilities, kinds and actions, and counts.

    Among the laws is a canary, which every step breaks: ``canaries`` counts how often that was seen.
    """

    def __init__(self, laws: Iterable[Property], offered: frozenset[Need], actions: Alphabet) -> None:
        self.tested: Counter[str] = Counter()
        self.canaries = 0
        self.missing: dict[str, frozenset[Need]] = {}  # what laws, or parts of them, would need
        self._laws = {law.id: law for law in laws}
        self._checks: list[tuple[str, Check]] = [(CANARY, TransitionCheck(frozenset(), nothing_is_ever_done))]
        made = offered - {kind for kind in Kind if not actions.makes(kind)}
        for law in self._laws.values():
            lacks = [
                check.needs - (made if isinstance(check, ProbeCheck) else offered) for check in law.checks
            ]
            self._checks += [
                (law.id, check) for check, lack in zip(law.checks, lacks, strict=True) if not lack
            ]
            lacking = frozenset[Need]().union(*lacks)
            self.missing |= {law.id: lacking} if lacking else {}
        self.applicable = frozenset(law for law, _ in self._checks) - {CANARY}

    @property
    def not_applicable(self) -> dict[str, frozenset[Need]]:
        """Return the laws that the vault can't be held to, with what it lacks for them."""
        return {law: lacking for law, lacking in self.missing.items() if law not in self.applicable}

    @property
    def untested(self) -> list[str]:
        """Return the laws that apply and were never put to the test."""
        return [law for law in self._laws if law in self.applicable and not self.tested[law]]

    @property
    def is_blind(self) -> bool:
        """Return whether the canary's breach was never seen, so that no other would have been."""
        return self.canaries == 0

    def transition(self, t: Transition) -> list[Breach]:
        """Return the laws that a step broke."""
        breaches = self._look((law, check.predicate(t)) for law, check in self._of(TransitionCheck))
        seen = [breach for breach in breaches if breach.law != CANARY]
        self.canaries += len(breaches) - len(seen)
        return seen

    def follow(self, branch: Branch) -> list[Breach]:
        """Return the laws that turn out broken when what belongs after the last action is tried."""
        due = [(law, check) for law, check in self._of(ProbeCheck) if _follows(check, branch)]
        return self._look((law, check.predicate(branch)) for law, check in due)

    def probe(self, branch: Branch, chosen: Callable[[], bool]) -> list[Breach]:
        """Return the laws that turn out broken when further actions are tried, by the ``chosen`` probes."""
        due = [(law, check) for law, check in self._of(ProbeCheck) if check.is_free and chosen()]
        return self._look((law, check.predicate(branch)) for law, check in due)

    def history(self, history: History) -> list[Breach]:
        """Return the laws that turn out broken when the whole run is done again, changed."""
        return self._look((law, check.predicate(history)) for law, check in self._of(HistoryCheck))

    def _of(self, kind: type[AnyCheck]) -> Iterator[tuple[str, AnyCheck]]:
        return ((law, check) for law, check in self._checks if isinstance(check, kind))

    def _look(self, claims: Iterable[tuple[str, Claims]]) -> list[Breach]:
        breaches = []
        for law, made in claims:
            for complaint in made:
                self.tested[law] += 1
                if complaint is not None:
                    breaches.append(Breach(law, complaint))
        return breaches


def _follows(check: ProbeCheck, branch: Branch) -> bool:
    if branch.last is None:
        return check.at_origin
    return branch.last.kind in check.after

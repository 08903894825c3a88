"""The promised properties, each registered once: its id, the law as a sentence, and what looks at it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ringfence.properties.abilities import Ability, Need
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims
from ringfence.properties.history import History
from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind

Predicate: TypeAlias = Callable[[Transition], Claims]
Probe: TypeAlias = Callable[[Branch], Claims]
HistoryPredicate: TypeAlias = Callable[[History], Claims]


@dataclass(frozen=True, slots=True)
class Check:
    """One way of looking at a law, and what it needs of a vault."""

    needs: frozenset[Need]


@dataclass(frozen=True, slots=True)
class TransitionCheck(Check):
    """Looks at every step."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class ProbeCheck(Check):
    """Tries further actions from a state, then undoes them.

    ``after`` are the kinds of actions whose success it follows; with none it looks at any state.
    ``at_origin``: it takes the vault as it was deployed.
    """

    predicate: Probe
    after: frozenset[Kind]
    at_origin: bool

    @property
    def is_free(self) -> bool:
        """Return whether it looks at any state."""
        return not self.after and not self.at_origin


@dataclass(frozen=True, slots=True)
class HistoryCheck(Check):
    """Runs a whole program again, changed."""

    predicate: HistoryPredicate


@dataclass(frozen=True, slots=True)
class Property:
    """A law by its id, with every way of looking at it."""

    id: str
    sentence: str
    family: str
    checks: list[Check] = field(default_factory=list)


PROPERTIES: Final[dict[str, Property]] = {}


def holds(law: str, *needs: Need) -> Callable[[Predicate], Predicate]:
    """Register a predicate of single steps; its docstring is the law's sentence."""

    def register(predicate: Predicate) -> Predicate:
        _add(law, predicate, TransitionCheck(frozenset(needs), predicate))
        return predicate

    return register


def probes(
    law: str, *needs: Need, after: Iterable[Kind] = (), at_origin: bool = False
) -> Callable[[Probe], Probe]:
    """Register a predicate that tries further actions and undoes them."""

    def register(predicate: Probe) -> Probe:
        check = ProbeCheck(frozenset({Ability.REWIND, *needs}), predicate, frozenset(after), at_origin)
        _add(law, predicate, check)
        return predicate

    return register


def relives(law: str, *needs: Need) -> Callable[[HistoryPredicate], HistoryPredicate]:
    """Register a predicate that runs the program again, changed."""

    def register(predicate: HistoryPredicate) -> HistoryPredicate:
        _add(law, predicate, HistoryCheck(frozenset({Ability.REWIND, *needs}), predicate))
        return predicate

    return register


def _add(law: str, predicate: Callable[..., Claims], check: Check) -> None:
    assert predicate.__doc__, f"{law} has no sentence"
    sentence = " ".join(predicate.__doc__.split())
    PROPERTIES.setdefault(law, Property(law, sentence, predicate.__module__)).checks.append(check)

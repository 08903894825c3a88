"""Properties: what a vault must never do, each declared by a function of ours or a method of an adapter."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar, cast, get_type_hints

from ringfence.properties.abilities import Ability, Need
from ringfence.properties.branch import Branch
from ringfence.properties.history import History
from ringfence.properties.transition import Transition
from ringfence.types.errors import AdapterFault, place_of
from ringfence.types.kinds import Kind
from ringfence.types.state import VaultState
from ringfence.types.totals import Total

Predicate = TypeVar("Predicate", bound=Callable[..., Any])
SUBJECTS: Final = (VaultState, Transition, Branch, History)
BY_NAME: Final = dict(zip(("state", "transition", "branch", "history"), SUBJECTS, strict=True))
REWINDS: Final = frozenset({Branch, History})


@dataclass(frozen=True, slots=True)
class Check:
    """One way to look at a property: a predicate, what it ``looks_at``, and what it needs of a vault.

    ``looks_at`` is VaultState (every state), Transition (every step), Branch (a state from which further
    actions are tried and undone) or History (a whole call sequence, run again with changes). A branch is
    taken from any state; or, with ``after``, after the success of an action of these kinds; or ``at_origin``,
    from the vault as it was deployed. ``looks_at_trials``: it looks at what other properties tried.
    """

    predicate: Callable[[Any], Iterable[str | None]]
    looks_at: type
    needs: frozenset[Need] = frozenset()
    after: frozenset[Kind] = frozenset()
    at_origin: bool = False
    looks_at_trials: bool = False

    @property
    def is_free(self) -> bool:
        """Return whether it tries something from any state."""
        return self.looks_at is Branch and not (self.after or self.at_origin)


@dataclass(frozen=True, slots=True)
class Property:
    """A property by its id. ``is_own``: of an adapter, so that it looks at actions of no kind too.

    Amounts that it compares may differ by ``tolerance`` units, which the sentence says.
    """

    id: str
    sentence: str
    checks: tuple[Check, ...]
    is_own: bool = False
    tolerance: int = 0

    def within(self, tolerance: int) -> "Property":
        """Return the property with a tolerance."""
        if not tolerance:
            return self
        said = f"{self.sentence} Tolerated: {tolerance:,} units."
        return replace(self, sentence=said, tolerance=tolerance)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What ``property_`` leaves at a function; ``place`` is its file and line."""

    property_id: str
    sentence: str
    check: Check
    place: str


def property_(
    property_id: str,
    sentence: str = "",
    *,
    needs: Iterable[Need] = (),
    after: Iterable[Kind] = (),
    at_origin: bool = False,
    looks_at_trials: bool = False,
) -> Callable[[Predicate], Predicate]:
    """Declare a function, or a method of an adapter, as a check of a property; see ``Check``.

    The annotation of its parameter says what it looks at; without one its name does: state, transition,
    branch or history. It yields claims: None where the property was put to the test and held, else a message.
    ``sentence`` says what must hold; without it the docstring does.
    Raises AdapterFault, with file and line, when the parameter fits no kind of property.
    """
    if not isinstance(property_id, str):
        place = f"{place_of(property_id)}: " if inspect.isfunction(property_id) else ""
        raise AdapterFault(f'{place}write @property_("MY-1", "What must hold."), with an id in brackets.')

    def declare(predicate: Predicate) -> Predicate:
        place = f"{place_of(predicate)}: the property {property_id}"
        said = sentence or " ".join((predicate.__doc__ or "").split())
        if not said:
            raise AdapterFault(f"{place} has no sentence.")
        unknown = [each for each in (*needs, *after) if not isinstance(each, Ability | Kind | Total)]
        if unknown:
            raise AdapterFault(
                f"{place} needs {unknown[0]!r}, which is neither an Ability nor a Kind nor a Total."
            )
        subject = _subject(predicate, place)
        needed = frozenset(needs) | ({Ability.REWIND} if subject in REWINDS else frozenset())
        check = Check(predicate, subject, needed, frozenset(after), at_origin, looks_at_trials)
        vars(predicate)["property_"] = Declaration(property_id, said, check, place_of(predicate))
        return predicate

    return declare


def _subject(predicate: Callable[..., Any], place: str) -> type:
    """Return what the only parameter, ``self`` apart, stands for; raises AdapterFault."""
    names = [name for name in inspect.signature(predicate).parameters if name != "self"]
    try:
        hints = get_type_hints(predicate)
    except NameError as unknown:
        raise AdapterFault(f"{place} is annotated with {unknown.name}, which is not defined.") from None
    found = hints.get(names[0], BY_NAME.get(names[0])) if len(names) == 1 else None
    if found in SUBJECTS:
        return cast(type, found)
    kinds = " or ".join(subject.__name__ for subject in SUBJECTS)
    raise AdapterFault(f"{place} must take one parameter, of the type {kinds}.")


def declared_in(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Declaration]]:
    """Yield what is declared in a module or a class, by name, in the order of the source."""
    for name, member in namespace.items():
        declared = getattr(member, "property_", None)
        if isinstance(declared, Declaration):
            yield name, declared


def properties_of(namespace: Mapping[str, Any]) -> tuple[Property, ...]:
    """Return the properties of a module of ours; the first sentence of several is the property's."""
    by_id: dict[str, list[Declaration]] = {}
    for _, declared in declared_in(namespace):
        by_id.setdefault(declared.property_id, []).append(declared)
    return tuple(
        Property(property_id, found[0].sentence, tuple(each.check for each in found))
        for property_id, found in by_id.items()
    )

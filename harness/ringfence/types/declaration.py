"""Declaring actions: the methods of an adapter that ``@action`` marks, each with a kind and typed parameters.

What is wrong with a declaration is an AdapterFault with its file and line, raised when the file is loaded.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import make_dataclass
from types import EllipsisType
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin, get_type_hints

from ringfence.types import parameter_kinds
from ringfence.types.actions import NAMED, NEEDS, SENDER, Action, parameter_in, parameters_of
from ringfence.types.codec import items_of
from ringfence.types.errors import AdapterFault, place_of
from ringfence.types.kinds import Kind
from ringfence.types.parameter_kinds import Account
from ringfence.types.parameters import Drawn, Parameter

Method = TypeVar("Method", bound=Callable[..., Any])
DELAYS: Final = frozenset({"wait", "blocks"})  # of a step, as tests say it
RESERVED: Final = frozenset({*dir(Action), *DELAYS}) - {SENDER}
MOST_WEIGHT: Final = 100
ELEMENTARY: Final = (int, bool, str, bytes)


def action(
    kind: Kind = Kind.OTHER, *, refusals: Iterable[str] | None = None, weight: int = 1
) -> Callable[[Method], Method]:
    """Declare a method of an adapter as an action: ``account`` first, then parameters, each of a kind.

    The method sends the action, and returns its Outcome; its docstring is what reports say of it. With
    ``refusals``, the names of errors, any other refusal violates DOM-1; a text that a contract gives to
    ``require`` stands for its error. ``weight`` is how often a search proposes it next to others, which have
    1.
    """

    def declare(method: Method) -> Method:
        if type(weight) is not int or not 1 <= weight <= MOST_WEIGHT:
            wrong = f"weight is {weight!r}, and no integer from 1 to {MOST_WEIGHT}"
            raise AdapterFault(f"{place_of(method)}: the action {method.__name__}: {wrong}.")
        expected = None if refusals is None else frozenset(refusals)
        vars(method)["action"] = _declared(method, kind, expected, weight)
        return method

    if not isinstance(kind, Kind):
        place = f"{place_of(kind)}: " if inspect.isfunction(kind) else ""
        raise AdapterFault(f"{place}write @action() or @action(Kind.OPENS), with a kind in brackets.")
    return declare


def declaration_of(member: object) -> type[Action] | None:
    """Return the action that a member of an adapter is declared as, if it is."""
    declared = getattr(member, "action", None)
    return declared if isinstance(declared, type) and issubclass(declared, Action) else None


def lacking(declared: type[Action]) -> str | None:
    """Return what an action's kind needs and it does not have, as a sentence."""
    kinds = tuple(parameters_of(declared).values())
    for needed in NEEDS.get(declared.kind, ()):
        if not any(isinstance(each, needed) for each in kinds):
            wanted = needed if isinstance(needed, type) else needed[0]
            return (
                f"the action {declared.name} {declared.kind}, and has no parameter of kind {_alias(wanted)}."
            )
    unnamed = [name for name in NAMED.get(declared.kind, ()) if name not in parameters_of(declared)]
    return f"the action {declared.name} {declared.kind}, and has no {unnamed[0]}." if unnamed else None


def badly_drawn(declared: type[Action]) -> str | None:
    """Return what is wrong with a parameter that the adapter draws itself, as a sentence."""
    hints = get_type_hints(declared, include_extras=True)
    for name, kind in parameters_of(declared).items():
        wrong = _sampled(kind, get_args(hints[name])[0]) if isinstance(kind, Drawn) else None
        if wrong:
            return f"{name} of the action {declared.name} {wrong}"
    return None


def fits_hint(declared: type[Action], name: str, value: object) -> bool:
    """Return whether a value is of the type that a parameter of an action is annotated with."""
    hint = get_type_hints(declared, include_extras=True)[name]
    return _fits(value, get_args(hint)[0] if get_origin(hint) is Annotated else hint)


def _sampled(kind: Drawn, hint: Any) -> str | None:
    """Return what is wrong with a value that is drawn, as the rest of a sentence."""
    try:
        value = kind.seeded(0)
    except Exception as failure:
        return f"can't be drawn: {type(failure).__name__}: {failure}."
    return (
        None
        if _fits(value, hint)
        else f"is drawn as {value!r}, which is no {getattr(hint, '__name__', hint)}."
    )


def _fits(value: object, hint: Any) -> bool:
    """Return whether a value is what its parameter's annotation says."""
    if get_origin(hint) is not tuple:
        return type(value) is hint
    items = items_of(hint, len(value)) if isinstance(value, tuple) else ()
    return isinstance(value, tuple) and len(items) == len(value) and all(map(_fits, value, items))


def _declared(
    method: Callable[..., Any], kind: Kind, refusals: frozenset[str] | None, weight: int
) -> type[Action]:
    """Return the declaration that a method's signature makes; raises AdapterFault with file and line."""
    name, names = method.__name__, list(inspect.signature(method).parameters)[1:]
    try:
        hints = get_type_hints(method, include_extras=True)
    except NameError as unknown:
        raise AdapterFault(
            f"{place_of(method)}: {name} is annotated with {unknown.name}, which is not defined."
        ) from None
    wrong = _wrong_in(names, hints)
    if wrong:
        raise AdapterFault(f"{place_of(method)}: the action {name}{wrong}")
    made = make_dataclass(
        "".join(word.capitalize() for word in name.split("_")),
        [(each, hints[each]) for each in names],
        bases=(Action,),
        namespace={
            "kind": kind,
            "method": name,
            "refusals": refusals,
            "proposal_weight": weight,
            "__doc__": inspect.getdoc(method) or f"Call {name}.",
        },
        repr=False,  # it would have the qualified name
        frozen=True,
        slots=True,
    )
    made.__module__, made.__qualname__ = method.__module__, f"{method.__qualname__}.action"  # for pickle
    missing = lacking(made)
    if missing:
        raise AdapterFault(f"{place_of(method)}: {missing}")
    return made


def _wrong_in(names: list[str], hints: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the parameters of a method, as the rest of a sentence."""
    if names[:1] != [SENDER] or not isinstance(parameter_in(hints.get(SENDER)), Account):
        return " must take an account first, of a kind such as Trader: account: Trader."
    for name in names:
        if parameter_in(hints.get(name)) is None:
            return f": {name} has no parameter kind: annotate it with one, such as Size, Assets or Position."
        if name in RESERVED:
            return f": {name} is a word that every action has already: call the parameter something else."
        if not _is_plain(get_args(hints[name])[0]):
            return f": {name} must be an int, bool, str or bytes, or a tuple of these."
    return None


def _is_plain(hint: Any) -> bool:
    """Return whether values of a type can be written to a file and read back."""
    if get_origin(hint) is tuple and get_args(hint):
        return all(isinstance(part, EllipsisType) or _is_plain(part) for part in get_args(hint))
    return hint in ELEMENTARY


def _alias(kind: type[Parameter]) -> str:
    """Return what an adapter annotates a parameter of a kind with: Position for PositionNumber."""
    known = vars(parameter_kinds).items()
    return next((name for name, hint in known if type(parameter_in(hint)) is kind), kind.__name__)

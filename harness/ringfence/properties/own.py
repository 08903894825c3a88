"""An adapter's own properties: methods that are declared with ``property_``.

A method may yield claims, as ours do; it may also return whether the property holds, or assert that it does.
"""

import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from ringfence.properties import BY_ID
from ringfence.properties.canary import CANARY
from ringfence.properties.claims import Claims
from ringfence.properties.registry import Declaration, Property, declared_in
from ringfence.types.errors import AdapterFault

RESERVED: Final = frozenset({CANARY, "MODEL"})

Ask = Callable[[str, object], Iterable[str | None]]
"""Asks an adapter's method of a name about what it looks at; returns claims."""


def declared_by(adapter: Any) -> dict[str, Declaration]:
    """Return what an adapter declares, by method; raises AdapterFault for an id that is used twice.

    A method that overrides one that is declared stands for it, declared or not; None drops it.
    """
    declared: dict[str, Declaration] = {}
    for base in reversed((adapter if isinstance(adapter, type) else type(adapter)).__mro__):
        declared |= dict(declared_in(vars(base)))
    declared = {method: each for method, each in declared.items() if callable(getattr(adapter, method))}
    taken = {*BY_ID, *RESERVED}
    for each in declared.values():
        if each.property_id in taken:
            raise AdapterFault(f"{each.place}: there is another property {each.property_id}.")
        taken.add(each.property_id)
    return declared


def own_properties(adapter: Any, ask: Ask) -> tuple[Property, ...]:
    """Return an adapter's own properties, each asked of the vault by ``ask``; raises AdapterFault."""
    return tuple(_property(method, each, ask) for method, each in declared_by(adapter).items())


def _property(method: str, declared: Declaration, ask: Ask) -> Property:
    check = replace(declared.check, predicate=lambda subject: ask(method, subject))
    return Property(declared.property_id, declared.sentence, (check,), is_own=True)


def claims_of(predicate: Callable[[Any], object], subject: object) -> Claims:
    """Yield the claims that a method makes, in whichever of its ways; raises TypeError for another answer."""
    try:
        answer = predicate(subject)
        answers = answer if isinstance(answer, Iterable) and not isinstance(answer, str) else [answer]
        for each in answers:
            yield _claim(each)
    except AssertionError as failure:
        line = traceback.extract_tb(failure.__traceback__)[-1].line
        yield str(failure).partition("\n")[0] or f"this fails: {line}"


def _claim(answer: object) -> str | None:
    """Return a claim: None or a message."""
    if answer is None or answer is True:
        return None
    if answer is False:
        return "it does not hold"
    if isinstance(answer, str):
        return answer
    raise TypeError(f"it answered {answer!r}, neither a claim nor a truth value")

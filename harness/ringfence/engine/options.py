"""What an adapter may state besides its facts, looked at when it is loaded."""

import ast
import inspect
import textwrap
from collections.abc import Collection, Mapping
from typing import Any

from ringfence.types.errors import AdapterFault, place_of


def check_options(adapter: Any, properties: Collection[str]) -> None:
    """See that an adapter's options are what they must be; raises AdapterFault with file and line."""
    wrong = {
        "tolerances": _wrong_tolerances(getattr(adapter, "tolerances", {}), properties),
        "invariants": _wrong_names(getattr(adapter, "invariants", ())),
    }
    for name, reason in wrong.items():
        if reason:
            raise AdapterFault(f"{place_of_member(adapter, name)}: {name} {reason}.")


def _wrong_tolerances(stated: Any, properties: Collection[str]) -> str | None:
    """Return what is wrong with tolerances, as the rest of a sentence."""
    if not isinstance(stated, Mapping):
        return f"must be numbers of units by the ids of properties, not {stated!r}"
    for each, units in stated.items():
        if each not in properties:
            return f"name {each!r}, and there is no such property"
        if type(units) is not int or units < 0:
            return f"of {each} must be a number of units, not {units!r}"
    return None


def _wrong_names(stated: Any) -> str | None:
    """Return what is wrong with names of contracts, as the rest of a sentence."""
    if isinstance(stated, tuple | list) and all(type(each) is str for each in stated):
        return None
    return f'must be a tuple of names of contracts, ("tester",), not {stated!r}'


def place_of_member(adapter: Any, name: str) -> str:
    """Return the file and line where a class, or the base that it has it from, states a member."""
    owner = next((base for base in getattr(adapter, "__mro__", ()) if name in vars(base)), adapter)
    try:
        lines, first = inspect.getsourcelines(owner)
        (tree,) = ast.parse(textwrap.dedent("".join(lines))).body
        file = inspect.getsourcefile(owner)
    except (OSError, TypeError, SyntaxError, ValueError):
        return place_of(owner)
    stated = (node for node in getattr(tree, "body", ()) if name in _targets(node))
    return f"{file}, line {first + next((node.lineno for node in stated), 1) - 1}"


def _targets(node: ast.stmt) -> list[str]:
    """Return the names that a statement sets."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [each.id for each in targets if isinstance(each, ast.Name)]

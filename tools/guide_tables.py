"""Write the tables of docs/bring-your-own-vault.md: what properties need and read, from their source.

`--check` writes nothing, and fails when the committed tables are not what would be written.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from types import FunctionType
from typing import Any, Final

from ringfence.properties import PROPERTIES, Ability, Branch, Property, Transition
from ringfence.properties.abilities import Need
from ringfence.properties.branch import Trial
from ringfence.properties.valuation import Valued
from ringfence.types.kinds import Kind
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.types.totals import Total

GUIDE: Final = Path(__file__).resolve().parents[1] / "docs/bring-your-own-vault.md"
TABLE: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
HELPERS: Final = (Branch, Trial, Transition)  # whose methods and attributes read states for a property
PACKAGE: Final = "ringfence.properties"
STATES: Final = (VaultState, PositionState, AccountState)


def main() -> None:
    """Write the tables, or compare them."""
    text = GUIDE.read_text()
    made = TABLE.sub(lambda found: f"{found[1]}{''.join(TABLES[found[2]]())}{found[3]}", text)
    if "--check" not in sys.argv:
        GUIDE.write_text(made)
    elif made != text:
        sys.exit("docs/bring-your-own-vault.md is out of date: run `python tools/guide_tables.py`")


def abilities() -> Iterator[str]:
    """Yield the table of abilities."""
    yield from head("ability", "what it is", "properties that need it")
    for each in Ability:
        yield row(f"`{each.name}`", str(each), needing(each))


def kinds() -> Iterator[str]:
    """Yield the table of the kinds of actions that properties need."""
    yield from head("kind", "what the action does", "properties that need it")
    for each in Kind:
        if needing(each):
            yield row(f"`{each.name}`", str(each), needing(each))


def totals() -> Iterator[str]:
    """Yield the table of totals."""
    yield from head("total", "what it is", "properties that read it", "not applicable without it, in part")
    for each in Total:
        yield row(f"`{each}`", each.meaning, reading(each), needing(each))


def state_fields() -> Iterator[str]:
    """Yield the table of the fields of states."""
    yield from head("field", "properties that read it")
    for state in STATES:
        for each in fields(state):
            yield row(f"`{state.__name__}.{each.name}`", reading(each.name))


def values() -> Iterator[str]:
    """Yield the table of the values of a position."""
    yield from head("value", "properties that read it")
    for each in fields(Valued):
        ids = [reads.id for reads in PROPERTIES if names_read(reads) & METHODS[each.name]]
        yield row(f"`Valued.{each.name}`", ", ".join(ids))


METHODS: Final = {  # of a book, by the value that each returns a part of
    "margin": {"equity"},
    "notional": {"notional"},
    "pnl": {"equity", "pnl"},
    "maintenance": {"maintenance_margin"},
    "closing_fee": {"closing_fee"},
    "debt": {"debt"},
    "liquidation_equity": {"maintenance_margin"},
}
TABLES: Final[dict[str, Callable[[], Iterable[str]]]] = {
    "abilities": abilities,
    "kinds": kinds,
    "totals": totals,
    "fields": state_fields,
    "values": values,
}


def head(*titles: str) -> Iterator[str]:
    """Yield the first two rows of a table."""
    yield row(*titles)
    yield f"{'|---' * len(titles)}|\n"


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |\n".replace("|  |", "| |")


def needing(need: Need) -> str:
    """Return the ids of the properties that need something."""
    return ", ".join(each.id for each in PROPERTIES if any(need in check.needs for check in each.checks))


def reading(name: str) -> str:
    """Return the ids of the properties that read a field or a total of this name."""
    return ", ".join(each.id for each in PROPERTIES if name in names_read(each))


def names_read(each: Property) -> set[str]:
    """Return the attributes and keys that the source of a property names, with all that it calls."""
    found: set[str] = set()
    seen: set[object] = set()
    waiting: list[Any] = [check.predicate for check in each.checks]
    while waiting:
        function = waiting.pop()
        if function not in seen:
            seen.add(function)
            names, used = _names_in(function)
            found |= names
            waiting += used
    return found


def _names_in(function: FunctionType) -> tuple[set[str], list[Any]]:
    """Return what a function's source names, and the functions of the properties that it uses."""
    names: set[str] = set()
    used: list[Any] = []
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
            names |= {Total[node.attr]} if node.attr in Total.__members__ else set()
            used += [member for member in map(_member(node.attr), HELPERS) if member]
        elif isinstance(node, ast.Name):
            value = function.__globals__.get(node.id)
            names |= {str(part) for part in value} if isinstance(value, tuple | frozenset) else set()
            used += [value] if _is_ours(value) else []
    return names, used


def _member(name: str) -> Callable[[type], Any]:
    """Return what finds a class's method or property of this name, as a function; None without one."""

    def find(owner: type) -> Any:
        member = vars(owner).get(name)
        member = getattr(member, "func", getattr(member, "fget", member))
        return member if isinstance(member, FunctionType) else None

    return find


def _is_ours(value: object) -> bool:
    return isinstance(value, FunctionType) and value.__module__.startswith(PACKAGE)


if __name__ == "__main__":
    main()

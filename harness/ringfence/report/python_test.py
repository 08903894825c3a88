"""A finding as a pytest file: calls of the adapter's methods, checked by its property and its model."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from ringfence.engine.target import Target
from ringfence.report.literals import exponent_of
from ringfence.report.templates import rendered
from ringfence.report.text import wrapped_headlines
from ringfence.report.units import decimals_of
from ringfence.types.actions import SENDER, Action, Step, parameters_of
from ringfence.types.codec import hints_of
from ringfence.types.finding import Finding
from ringfence.types.market import VaultMarket, decimals_in
from ringfence.types.parameters import MAX_UINT

TEMPLATE: Final = "test_finding.py.jinja"
WIDTH: Final = 100  # of a call, which is indented
AGREES: Final = "The vault is where {} is after every step."


def python_test(finding: Finding, folder: Path) -> str:
    """Return the source of the test, for a file in a folder, from where it finds the vault."""
    broken = finding.cause.broken
    calls = [_call(step, finding.market) for step in finding.sequence]
    market = _market(finding)
    needed = _imports((finding.sequence, finding.market if "(" in market else ()))
    vault, against = finding.vault.seen_from(folder), finding.against and finding.against.seen_from(folder)
    facts = {
        "headline": [line.replace("\\", "\\\\") for line in wrapped_headlines(finding)],
        "claim": broken.sentence if broken else AGREES.format(against.id if against else "its model"),
        "property_id": broken.id if broken else None,
        "test": re.sub(r"\W+", "_", finding.name).strip("_").lower(),
        "vaults": {
            name: ("/" + each.file if each.file else "", each.id)
            for name, each in (("VAULT", vault), ("AGAINST", against))
            if each
        },
        "calls": calls,
        "market": market,
        "uses_max": "MAX" in "".join([*calls, market]),
        "imports": sorted(set(needed)),
    }
    return rendered(TEMPLATE, facts)


def _market(finding: Finding) -> str:
    """Return an expression for the market: its name, or where it has none a line a value; ``""`` for the one
    that there is.
    """
    known = Target.named(finding.vault.name).markets
    setup = finding.market
    if known.get(setup.name) == setup:
        return f'"{setup.name}"' if len(known) > 1 else ""
    values = [f"    {name}={_written(value, name, setup)}," for name, value in _members(setup)]
    return "\n".join([f"{type(setup).__name__}(", *values, ")"])


def _members(value: Any) -> list[tuple[str, Any]]:
    """Return the fields that a dataclass is made from."""
    return [(name, getattr(value, name)) for name in hints_of(type(value))]


def _imports(value: Any) -> Iterator[str]:
    """Yield the import of each class that an expression for a value names."""
    if isinstance(value, Enum) or (is_dataclass(value) and not isinstance(value, Action | Step)):
        yield f"from {type(value).__module__} import {type(value).__name__}"
    parts = tuple(part for _, part in _members(value)) if is_dataclass(value) else value
    for part in parts if isinstance(parts, tuple) else ():
        yield from _imports(part)


def _call(step: Step, setup: VaultMarket) -> str:
    """Return the call of the adapter's method."""
    declared = type(step.action)
    values = [
        f"{name}={_literal(getattr(step.action, name), decimals_in(declared, name, setup))}"
        for name in parameters_of(declared)
    ]
    values[0] = values[0].removeprefix(f"{SENDER}=")
    wait = [f"wait={step.seconds:_}"] if step.seconds else []
    call = f"vault.{declared.python_name}({', '.join([*values, *wait])})"
    if len(call) <= WIDTH:
        return call
    return "\n".join([f"vault.{declared.python_name}(", *(f"    {each}," for each in [*values, *wait]), ")"])


def _written(value: Any, name: str, setup: VaultMarket) -> str:
    """Return an expression for a value; a dataclass has its fields by name, from the second on."""
    if is_dataclass(value):
        (first, head), *others = _members(value)
        named = [f"{name}={_written(part, name, setup)}" for name, part in others]
        return f"{type(value).__name__}({', '.join([_written(head, first, setup), *named])})"
    if isinstance(value, tuple):
        return _tuple([_written(item, "", setup) for item in value])
    return _literal(value, decimals_of(name, setup))


def _literal(value: Any, decimals: int) -> str:
    """Return an expression for a plain value."""
    if isinstance(value, tuple):
        return _tuple([_literal(item, 0) for item in value])
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if type(value) is int:
        return number(value, decimals)
    return _text(value) if isinstance(value, str) else repr(value)


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def _text(value: str) -> str:
    """Return text in double quotes, where it needs no escapes."""
    return f'"{value}"' if re.fullmatch(r"[^\"'\\\n]*", value) and value.isprintable() else repr(value)


def number(value: int, decimals: int) -> str:
    """Return an integer: ``1_840 * 10**8`` where the last digits are the zeros of its decimals."""
    if value == MAX_UINT:
        return "MAX"
    exponent = exponent_of(value, decimals)
    if not exponent:
        return f"{value:_}"
    factor = value // 10**exponent
    return f"{'' if factor == 1 else f'{factor:_} * '}10**{exponent}"

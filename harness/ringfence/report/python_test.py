"""A finding as a pytest file: the program, run through the harness against its property and its model."""

import re
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final

from ringfence.report.literals import exponent_of, grouped
from ringfence.report.templates import rendered
from ringfence.report.text import wrapped_headlines
from ringfence.report.units import decimals_in, decimals_of
from ringfence.types.actions import SENDER, Step, parameters_of
from ringfence.types.finding import Finding
from ringfence.types.market import VaultMarket
from ringfence.types.parameters import MAX_UINT
from ringfence.vaults.isolated_margin.markets import MARKETS, MarketSetup

TEMPLATE: Final = "test_finding.py.jinja"
WIDTH: Final = 100  # of a call, which is indented
AGREES: Final = "The vault is where its model is after every step."


def python_test(finding: Finding) -> str:
    """Return the source of the test."""
    broken, setup = finding.cause.broken, finding.market
    calls = [_call(step, setup) for step in finding.sequence]
    market = _market(setup) if isinstance(setup, MarketSetup) else ""
    text = "".join([*calls, market])
    facts = {
        "headline": [line.replace("\\", "\\\\") for line in wrapped_headlines(finding)],
        "claim": broken.sentence if broken else AGREES,
        "property_id": broken.id if broken else None,
        "test": re.sub(r"\W+", "_", finding.name).strip("_").lower(),
        "adapter": _text(finding.vault.adapter),
        "calls": calls,
        "market": market,
        "uses_max": "MAX" in text,
        "uses_flaw": "Flaw." in text,
    }
    return rendered(TEMPLATE, facts)


def _call(step: Step, setup: VaultMarket) -> str:
    """Return the call of the adapter's method."""
    declared = type(step.action)
    values = [
        f"{name}={_literal(getattr(step.action, name), decimals_in(declared, name, setup))}"
        for name in parameters_of(declared)
    ]
    values[0] = values[0].removeprefix(f"{SENDER}=")
    wait = [f"wait={grouped(step.seconds)}"] if step.seconds else []
    call = f"vault.{declared.called}({', '.join([*values, *wait])})"
    if len(call) <= WIDTH:
        return call
    return "\n".join([f"vault.{declared.called}(", *(f"    {each}," for each in [*values, *wait]), ")"])


def _market(setup: MarketSetup) -> str:
    """Return a market: its name, or where it has none to be had by, a line a value."""
    if setup in MARKETS:
        return f'"{setup.name}"'
    parts = [(part.name, getattr(setup, part.name)) for part in fields(setup)]
    lines = [f"    {name}={_written(value, name, setup)}," for name, value in parts]
    return "\n".join(["MarketSetup(", *lines, ")"])


def _written(value: Any, name: str, setup: VaultMarket) -> str:
    """Return an expression for a value; a dataclass has its fields by name, from the second on."""
    if is_dataclass(value):
        parts = [(part.name, getattr(value, part.name)) for part in fields(value) if part.init]
        named = [f"{key}={_written(part, key, setup)}" for key, part in parts[1:]]
        return f"{type(value).__name__}({', '.join([_written(parts[0][1], parts[0][0], setup), *named])})"
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
        return grouped(value)
    factor = value // 10**exponent
    return f"{'' if factor == 1 else f'{grouped(factor)} * '}10**{exponent}"

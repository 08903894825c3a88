"""A finding as a pytest file: the program, run through the harness against its property and its model."""

import re
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final

from ringfence.report.literals import exponent_of, grouped
from ringfence.report.templates import rendered
from ringfence.report.text import wrapped_headlines
from ringfence.report.units import decimals_of
from ringfence.types.actions import Step
from ringfence.types.finding import Finding
from ringfence.types.market import VaultMarket
from ringfence.types.parameters import MAX_UINT
from ringfence.vaults.isolated_margin.markets import MARKETS, MarketSetup

TEMPLATE: Final = "test_finding.py.jinja"
AGREES: Final = "The vault is where its model is after every step."


def python_test(finding: Finding) -> str:
    """Return the source of the test."""
    broken, setup = finding.cause.broken, finding.market
    sequence = [_step(step, setup) for step in finding.sequence]
    is_known = setup in MARKETS or not isinstance(setup, MarketSetup)
    market = f'"{setup.name}"' if is_known else _market(setup)
    facts = {
        "headline": [line.replace("\\", "\\\\") for line in wrapped_headlines(finding)],
        "claim": broken.sentence if broken else AGREES,
        "property_id": broken.id if broken else None,
        "test": re.sub(r"\W+", "_", finding.name).strip("_").lower(),
        "adapter": finding.vault.adapter,
        "actions": sorted({type(step.action).__name__ for step in finding.sequence}),
        "sequence": sequence,
        "market": market,
        "market_is_known": is_known,
    }
    text = "".join([*sequence, market])
    return rendered(TEMPLATE, facts | {"uses_max": "MAX" in text, "uses_flaw": "Flaw." in text})


def _step(step: Step, setup: VaultMarket) -> str:
    return f"Step({_written(step.action, '', setup)}, {grouped(step.seconds)})"


def _market(setup: VaultMarket) -> str:
    """Return a market that has no name to be had by, a line a value."""
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
        items = [_written(item, "", setup) for item in value]
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if type(value) is int:
        return number(value, decimals_of(name, setup))
    return f'"{value}"' if isinstance(value, str) else repr(value)


def number(value: int, decimals: int) -> str:
    """Return an integer: ``1_840 * 10**8`` where the last digits are the zeros of its decimals."""
    if value == MAX_UINT:
        return "MAX"
    exponent = exponent_of(value, decimals)
    if not exponent:
        return grouped(value)
    factor = value // 10**exponent
    return f"{'' if factor == 1 else f'{grouped(factor)} * '}10**{exponent}"

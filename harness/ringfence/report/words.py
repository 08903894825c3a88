"""Actions and their outcomes in words, for people who read a program as a story."""

from dataclasses import fields
from typing import Final

from ringfence.report.units import CAMEL, MAX_UINT, amount, shown
from ringfence.types.actions import Action
from ringfence.types.outcome import Done, Outcome, Value
from ringfence.vaults.isolated_margin.actions import Open, OpenWithPermit
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.shapes import SCALARS, leaves, refused, returned

UNSAID: Final = {"limit_price_wad": (0, MAX_UINT), "deadline": (MAX_UINT,), "age": (0,), "flaw": ("none",)}
UNNAMED: Final = frozenset({"answer", "assets", "operator", "size", "size_delta"})  # the verb says what it is
FAILURES: Final = {"Panic": "panicked", "Empty": "reverted without a reason", "Unknown": "reverted with"}


def phrase(action: Action, setup: MarketSetup) -> str:
    """Return what an action does, amounts in whole tokens: ``open long 10, margin 2,000``."""
    verb = CAMEL.sub(" ", type(action).__name__).lower()
    parts = [
        _part(field.name, getattr(action, field.name), setup)
        for field in fields(action)[1:]
        if getattr(action, field.name) not in UNSAID.get(field.name, ())
    ]
    if isinstance(action, Open | OpenWithPermit):
        parts[0] = f"{'long' if action.size > 0 else 'short'} {amount('size', abs(action.size), setup)}"
    return f"{verb} {', '.join(parts)}".rstrip()


def result(action: Action, outcome: Outcome, setup: MarketSetup) -> str:
    """Return what came of an action, without its events."""
    if isinstance(outcome, Done):
        return _done(action, outcome.value, setup)
    names = refused(outcome.error)
    args = [
        f"{name} {shown(name, arg, setup)}".strip() for name, arg in zip(names, outcome.args, strict=False)
    ] or [shown("", arg, setup) for arg in outcome.args]
    verb = FAILURES.get(outcome.error, f"refused: {outcome.error}")
    return f"{verb}{', ' if names and args else ' ' if args else ''}{', '.join(args)}"


def _done(action: Action, value: Value, setup: MarketSetup) -> str:
    match value:
        case None | True:
            return "done"
        case tuple():
            kind = type(action).__name__
            parts = [(path, part) for path, part in leaves("", value, returned(kind)) if part]
            return "done: " + ", ".join(_part(path.rpartition(".")[2], part, setup) for path, part in parts)
        case _ if isinstance(action, Open | OpenWithPermit):
            return f"done: position {shown('id', value, setup)}"
        case _:
            name = SCALARS.get(type(action).__name__, "")
            return f"done: {shown(name, value, setup)} {name}".rstrip()


def _part(name: str, value: Value, setup: MarketSetup) -> str:
    label = "" if name in UNNAMED else f"{name.removesuffix('_wad').replace('_', ' ')} "
    return f"{label}{shown(name, value, setup)}"

"""Actions and their outcomes in words, for people who read a program as a story."""

from typing import Final

from ringfence.report.units import CAMEL, decimals_in, fixed, shown
from ringfence.types.actions import Action, parameters_of
from ringfence.types.kinds import Kind
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Done, Outcome, Value
from ringfence.types.parameter_kinds import SignedSize
from ringfence.types.shapes import leaves
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.shapes import SCALARS, refused, returned

UNNAMED: Final = frozenset({"answer", "assets", "operator", "size", "size_delta"})  # the verb says what it is
FAILURES: Final = {"Panic": "panicked", "Empty": "reverted without a reason", "Unknown": "reverted with"}


def phrase(action: Action, setup: VaultMarket) -> str:
    """Return what an action does, amounts in whole tokens: ``open long 10, margin 2,000``."""
    _, *parameters = parameters_of(type(action)).items()
    parts = [
        _argument(action, name, setup)
        for name, kind in parameters
        if not kind.is_unsaid(getattr(action, name))
    ]
    return f"{CAMEL.sub(' ', action.name).lower()} {', '.join(parts)}".rstrip()


def _argument(action: Action, name: str, setup: VaultMarket) -> str:
    """Return a parameter's name and value in its unit; a size with a sign is long or short."""
    value, kind = getattr(action, name), parameters_of(type(action))[name]
    if type(value) is not int:
        return _label(name) + shown("", value, setup)
    decimals = decimals_in(type(action), name, setup)
    if isinstance(kind, SignedSize):
        return f"{_label(name)}{'long' if value > 0 else 'short'} {fixed(abs(value), decimals)}"
    return _label(name) + fixed(value, decimals)


def result(action: Action, outcome: Outcome, setup: VaultMarket) -> str:
    """Return what came of an action, without its events."""
    if isinstance(outcome, Done):
        return _done(action, outcome.value, setup)
    names = refused(outcome.error)
    args = [
        f"{name} {shown(name, arg, setup)}".strip() for name, arg in zip(names, outcome.args, strict=False)
    ] or [shown("", arg, setup) for arg in outcome.args]
    verb = FAILURES.get(outcome.error, f"refused: {outcome.error}")
    return f"{verb}{', ' if names and args else ' ' if args else ''}{', '.join(args)}"


def _done(action: Action, value: Value, setup: VaultMarket) -> str:
    name = action.name if type(action) in ALPHABET else ""  # what it returns is known of our vault's alone
    match value:
        case None | True:
            return "done"
        case tuple():
            parts = [(path, part) for path, part in leaves("", value, returned(name)) if part]
            return "done: " + ", ".join(_part(path.rpartition(".")[2], part, setup) for path, part in parts)
        case _ if action.kind is Kind.OPENS:
            return f"done: position {shown('id', value, setup)}"
        case _:
            scalar = SCALARS.get(name, "")
            return f"done: {shown(scalar, value, setup)} {scalar}".rstrip()


def _part(name: str, value: Value, setup: VaultMarket) -> str:
    return f"{_label(name)}{shown(name, value, setup)}"


def _label(name: str) -> str:
    return "" if name in UNNAMED else f"{name.removesuffix('_wad').replace('_', ' ')} "

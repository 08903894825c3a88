"""Actions and their outcomes in words, for people who read a call sequence."""

from typing import Final

from ringfence.report.units import fixed, shown
from ringfence.types.actions import Action, parameters_of
from ringfence.types.kinds import Kind
from ringfence.types.market import VaultMarket, decimals_in
from ringfence.types.outcome import Done, Outcome, Value
from ringfence.types.parameter_kinds import SignedSize
from ringfence.types.shapes import leaves

UNNAMED: Final = frozenset({"answer", "assets", "size", "size_delta"})  # any verb says what these are
FAILURES: Final = {"Panic": "panicked", "Empty": "reverted without a reason", "Unknown": "reverted with"}


def phrase(action: Action, setup: VaultMarket) -> str:
    """Return what an action does, amounts in whole tokens: ``open long 10, margin 2,000``."""
    verb = action.python_name.replace("_", " ")
    _, *parameters = parameters_of(type(action)).items()
    said = [name for name, kind in parameters if not kind.is_unsaid(getattr(action, name))]
    parts = [_label(name, verb) + _argument(action, name, setup) for name in said]
    return f"{verb} {', '.join(parts)}".rstrip()


def _argument(action: Action, name: str, setup: VaultMarket) -> str:
    """Return a parameter's value in its unit; a size with a sign is long or short."""
    value, kind = getattr(action, name), parameters_of(type(action))[name]
    if type(value) is not int:
        return shown("", value, setup)
    side = ("long " if value > 0 else "short ") if isinstance(kind, SignedSize) else ""
    return side + fixed(abs(value) if side else value, decimals_in(type(action), name, setup))


def result(action: Action, outcome: Outcome, setup: VaultMarket) -> str:
    """Return what came of an action, without its events."""
    if isinstance(outcome, Done):
        return _done(action, outcome.value, setup)
    names = setup.shapes.refused(outcome.error)
    args = [
        f"{name} {shown(name, arg, setup)}".strip() for name, arg in zip(names, outcome.args, strict=False)
    ] or [shown("", arg, setup) for arg in outcome.args]
    verb = FAILURES.get(outcome.error, f"refused: {outcome.error}")
    return f"{verb}{', ' if names and args else ' ' if args else ''}{', '.join(args)}"


def _done(action: Action, value: Value, setup: VaultMarket) -> str:
    match value:
        case None | True:
            return "done"
        case tuple():
            parts = [
                (path, part) for path, part in leaves("", value, setup.shapes.returned(action.name)) if part
            ]
            return "done: " + ", ".join(_part(path.rpartition(".")[2], part, setup) for path, part in parts)
        case _ if action.kind is Kind.OPENS:
            return f"done: position {shown('id', value, setup)}"
        case _:
            scalar = setup.shapes.scalar(action.name)
            return f"done: {shown(scalar, value, setup)} {scalar}".rstrip()


def _part(name: str, value: Value, setup: VaultMarket) -> str:
    return f"{_label(name)}{shown(name, value, setup)}"


def _label(name: str, verb: str = "") -> str:
    """Return what goes before a value: nothing when the verb says what it is."""
    label = name.removesuffix("_wad").replace("_", " ")
    return "" if name in UNNAMED or verb.endswith(f" {label}") else f"{label} "

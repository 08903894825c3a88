"""What the parts of returned values, events and refusals are called in the isolated-margin interface."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, Final, TypeAlias, get_type_hints

from isolated_margin import events
from isolated_margin.margin import Position

from ringfence.evm.artifacts import loaded
from ringfence.types.outcome import Value

Shape: TypeAlias = "tuple[tuple[str, Shape], ...] | None"  # names, and the shapes of those that are structs

STRUCTS: Final = (
    Position,
    events.Fill,
    events.Decrease,
    events.Liquidation,
    events.Deleverage,
)
SCALARS: Final[Mapping[str, str]] = {
    "Open": "id",
    "OpenWithPermit": "id",
    "Claim": "assets",
    "CollectOwed": "assets",
    "Deposit": "shares",
    "Mint": "assets",
    "Withdraw": "shares",
    "Redeem": "assets",
}
RETURNED: Final[Mapping[str, type]] = {
    "Decrease": events.Decrease,
    "Close": events.Decrease,
    "Liquidate": events.Liquidation,
    "Deleverage": events.Deleverage,
}


def shape_of(kind: Any) -> Shape:
    """Return the shape of a struct or an event of the model."""
    hints = get_type_hints(kind)
    return tuple(
        (part.name, shape_of(hints[part.name]) if hints[part.name] in STRUCTS else None)
        for part in fields(kind)
    )


def returned(action: str) -> Shape:
    """Return the shape of what an action returns, if that is a struct."""
    kind = RETURNED.get(action)
    return shape_of(kind) if kind else None


def logged(event: str) -> Shape:
    """Return the shape of an event's arguments, if it is one that the model knows."""
    kind = getattr(events, event, None)
    return shape_of(kind) if isinstance(kind, type) and issubclass(kind, events.LoggedEvent) else None


@cache
def refused(error: str) -> tuple[str, ...]:
    """Return the names of a refusal's arguments; none for an error that no compiled contract declares."""
    declared = (
        entry
        for artifact in loaded()
        for entry in artifact.abi
        if entry["type"] == "error" and entry["name"] == error
    )
    entry: dict[str, Any] = next(declared, {"inputs": ()})
    return tuple(part["name"] for part in entry["inputs"])


def leaves(path: str, value: Value, shape: Shape) -> Iterator[tuple[str, Value]]:
    """Return every elementary part of a value with its path."""
    if not isinstance(value, tuple):
        yield path, value
        return
    known = shape if shape is not None and len(shape) == len(value) else None
    for index, part in enumerate(value):
        name, inner = known[index] if known else (None, None)
        yield from leaves(f"{path}.{name}" if name else f"{path}[{index}]", part, inner)

"""Values of the model as the harness compares them: plain tuples for structs, names for events."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final

from isolated_margin.events import Decrease, Deleverage, Fill, Liquidation, LoggedEvent
from isolated_margin.ledger import Ledger
from isolated_margin.margin import Position

from ringfence.types.outcome import Event
from ringfence.types.state import PositionState


def plain(value: object) -> Any:
    """Return a value of the model with its structs as tuples."""
    fields_of = _STRUCTS.get(type(value))
    if fields_of is None:
        return value
    return tuple([part if type(part) is int else plain(part) for part in fields_of(value)])


def event_of(emitter: str, event: LoggedEvent) -> Event:
    """Return a logged event of the model."""
    return Event(emitter, type(event).__name__, plain(event))


@lru_cache(maxsize=256)
def position_state(position: Position) -> PositionState:
    """Return a position of the model."""
    return PositionState(*plain(position))


@cache
def names_of(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, in their order."""
    return tuple(field.name for field in fields(kind))


def _getter(kind: type) -> Callable[[object], tuple[object, ...]]:
    """Return what gives all fields of a struct."""
    names = names_of(kind)
    if len(names) > 1:
        return attrgetter(*names)
    return lambda struct: tuple([getattr(struct, name) for name in names])


_STRUCTS: Final = {
    kind: _getter(kind)
    for kind in (Position, Ledger, Fill, Decrease, Liquidation, Deleverage, *LoggedEvent.__subclasses__())
}

"""Values of the model as the harness compares them: plain tuples for structs, names for events."""

from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, Final

from isolated_margin.book import Round
from isolated_margin.events import DecreaseResult, DeleverageResult, Fill, Liquidation, LoggedEvent
from isolated_margin.ledger import Ledger
from isolated_margin.margin import Position
from isolated_margin.permission import Permission
from isolated_margin.vault_state import ReadOnlyVault

from ringfence.types.outcome import Event
from ringfence.types.state import PositionState
from ringfence.vaults.isolated_margin.actions import values_of

STRUCTS: Final = (
    Position,
    Permission,
    Fill,
    DecreaseResult,
    Liquidation,
    DeleverageResult,
    Round,
)  # as the ABI has them


def abi_name(kind: type) -> str:
    """Return what the ABI calls a struct or an event of the model."""
    return kind.__name__.removesuffix("Result").removesuffix("Event")


EVENTS: Final = {abi_name(kind): kind for kind in LoggedEvent.__subclasses__()}


def plain(value: object) -> Any:
    """Return a value of the model with its structs as tuples."""
    fields_of = _READ.get(type(value))
    if fields_of is None:
        return value
    return tuple([part if type(part) is int else plain(part) for part in fields_of(value)])


def event_of(emitter: str, event: LoggedEvent) -> Event:
    """Return a logged event of the model."""
    return Event(emitter, _NAMES[type(event)], plain(event))


def rounds_of(vault: ReadOnlyVault) -> dict[str, int]:
    """Return the last rounds of deleveraging of both sides as totals, by name."""
    long, short = vault.rounds(True), vault.rounds(False)
    return {
        "long_round_at": long.round_at,
        "long_cut_wad": long.cut_wad,
        "long_round_keep": long.round_keep,
        "short_round_at": short.round_at,
        "short_cut_wad": short.cut_wad,
        "short_round_keep": short.round_keep,
    }


@lru_cache(maxsize=256)
def position_state(position: Position) -> PositionState:
    """Return a position of the model."""
    return PositionState(*plain(position))


@cache
def names_of(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, in their order."""
    return tuple(field.name for field in fields(kind))


_NAMES: Final[dict[type, str]] = {kind: name for name, kind in EVENTS.items()}
_READ: Final = {kind: values_of(names_of(kind)) for kind in (*STRUCTS, Ledger, *EVENTS.values())}

"""What came of an action, as plain values: integers, booleans, role names, bytes and tuples of them."""

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "int | bool | str | bytes | tuple[Value, ...] | None"


@dataclass(frozen=True, slots=True)
class Event:
    """A log: who emitted it, its name, and its arguments, indexed or not, in the order of the ABI."""

    emitter: str
    name: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The action was carried out."""

    value: Value
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The action was refused and nothing changed.

    ``error`` is a custom error's name. ``Panic`` (with its code), ``Empty`` and ``Unknown`` are never
    predicted by a model, and no vault may end in them.
    """

    error: str
    args: tuple[Value, ...]

    @property
    def label(self) -> str:
        """Return what tables and causes call it: a text that ``require`` gives, a panic with its code."""
        match self:
            case Refused("Error", (str(text),)):
                return text or self.error
            case Refused("Panic", (int(code),)):
                return f"Panic({code:#x})"
            case Refused("Unknown", (bytes(data), *_)):
                return f"Unknown(0x{data[:4].hex()})"
            case _:
                return self.error


Outcome: TypeAlias = Done | Refused

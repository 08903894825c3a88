"""Frozen dataclasses as JSON and back, exactly, by their type hints.

Integers are decimal strings, since JSON's numbers are not exact everywhere; an action carries its name.
A ``Value``, whose type only the data has, has ``{"text": ...}`` and ``{"hex": ...}`` for what would be
mistaken for an integer.
"""

from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin

from ringfence.types.actions import Action, Alphabet
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value

Plain: TypeAlias = "bool | str | list[Plain] | dict[str, Plain] | None"

TAG: Final = "action"
NO_ACTIONS: Final = Alphabet(())


def encode(value: Any) -> Plain:
    """Return a dataclass, or part of one, as plain data."""
    if isinstance(value, Action):
        return {TAG: type(value).__name__} | _members(value)
    if is_dataclass(value):
        return _members(value)
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    assert isinstance(value, bool | str | None), f"no part of a finding: {value!r}"
    return value


def decode(
    data: Any, hint: Any, actions: Alphabet = NO_ACTIONS, market: type[VaultMarket] = VaultMarket
) -> Any:
    """Return plain data that obeys the schema as a value of type ``hint``.

    ``actions`` are the vault's, ``market`` is the type of its markets.
    """
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if hint is VaultMarket:
        hint = market
    if hint is Action:
        kind = actions[data[TAG]]
        return decode({name: part for name, part in data.items() if name != TAG}, kind, actions, market)
    if hint == Value:
        return decode_value(data)
    if hint in (int, bool, str) or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint(data)
    if hint is bytes:
        return bytes.fromhex(data.removeprefix("0x"))
    if get_origin(hint) is tuple:
        kinds = items_of(hint, len(data))
        return tuple(decode(item, kind, actions, market) for item, kind in zip(data, kinds, strict=True))
    if get_origin(hint) in (Union, UnionType):
        (some,) = set(get_args(hint)) - {NoneType}
        return None if data is None else decode(data, some, actions, market)
    hints = hints_of(hint)
    return hint(**{name: decode(part, hints[name], actions, market) for name, part in data.items()})


def hints_of(kind: Any) -> dict[str, Any]:
    """Return the types of the fields that a dataclass is made from."""
    return {field.name: field.type for field in fields(kind) if field.init}


def items_of(hint: Any, length: int) -> tuple[Any, ...]:
    """Return the type of each item of a tuple."""
    kinds = get_args(hint)
    return kinds[:1] * length if Ellipsis in kinds else kinds


def encode_value(value: Value) -> Plain:
    """Return what came of an action as plain data that has its type."""
    match value:
        case bool() | None:
            return value
        case int():
            return str(value)
        case str():
            return {"text": value}
        case bytes():
            return {"hex": value.hex()}
        case tuple():
            return [encode_value(item) for item in value]


def decode_value(data: Any) -> Value:
    """Return what ``encode_value`` was given."""
    match data:
        case bool() | None:
            return data
        case str():
            return int(data)
        case {"text": str(text)}:
            return text
        case {"hex": str(digits)}:
            return bytes.fromhex(digits)
        case _:
            return tuple(decode_value(item) for item in data)


def _members(value: Any) -> dict[str, Plain]:
    return {
        name: encode_value(getattr(value, name)) if hint == Value else encode(getattr(value, name))
        for name, hint in hints_of(type(value)).items()
    }

"""Values as the contract ABI lays them out: 32-byte words, dynamic parts behind offsets."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final

from ringfence.evm.abi.names import AddressBook
from ringfence.types.outcome import Value

WORD: Final = 32
WORD_TYPES: Final = re.compile(r"address|bool|function|u?int\d*|bytes\d+")
ARRAY: Final = re.compile(r"(.*)\[(\d*)\]")


class EncodingError(ValueError):
    """A value does not fit its ABI type."""


class DoesNotFit(EncodingError):
    """A number is out of its type's bounds. ``value`` is it, ``kind`` the type: ``uint128``."""

    def __init__(self, value: int, kind: str) -> None:
        super().__init__(f"{value} does not fit {kind}")
        self.value, self.kind = value, kind


class MalformedOutput(ValueError):
    """Bytes are too short for the type they should hold."""


@dataclass(frozen=True, slots=True)
class Coder:
    """How one type is written and read. ``head`` is its size in place, one word when ``dynamic``.

    ``encode`` gives the content; ``decode`` takes the bytes and where the content starts.
    """

    head: int
    dynamic: bool
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes, int], Value]


def coder(entry: dict[str, Any], book: AddressBook) -> Coder:
    """Return the coder of an ABI parameter, its addresses read as names."""
    kind = entry["type"]
    if array := ARRAY.fullmatch(kind):
        return _array(coder(entry | {"type": array[1]}, book), int(array[2] or 0), fixed=bool(array[2]))
    if kind == "tuple":
        parts = entry["components"]
        return _struct(
            tuple_coder([coder(part, book) for part in parts]), [part.get("name", "") for part in parts]
        )
    if kind == "address":
        return _address(book)
    if kind == "bool":
        return Coder(WORD, False, lambda value: _unsigned(int(value), 1), _read_bool)
    if kind == "function":
        return _fixed_bytes(24)  # an address and a selector
    if kind in ("bytes", "string"):
        return _text() if kind == "string" else Coder(WORD, True, _encode_bytes, _read_bytes)
    if kind.startswith("bytes"):
        return _fixed_bytes(int(kind.removeprefix("bytes")))
    if kind.startswith("uint"):
        bits = int(kind.removeprefix("uint"))
        return Coder(WORD, False, lambda value: _unsigned(value, bits), _read_unsigned)
    bits = int(kind.removeprefix("int"))
    return Coder(WORD, False, lambda value: _signed(value, bits), _read_signed)


def tuple_coder(parts: Sequence[Coder]) -> Coder:
    """Return the coder of a struct or an argument list: a tuple of values."""
    head = sum(part.head for part in parts)
    starts = list(accumulate((part.head for part in parts), initial=0))[:-1]
    places = [(start, part.dynamic, part.decode) for start, part in zip(starts, parts, strict=True)]
    fixed = [(start, part.decode) for start, part in zip(starts, parts, strict=True)]
    dynamic = any(part.dynamic for part in parts)

    def encode(values: Sequence[Any]) -> bytes:
        if len(values) != len(parts):
            raise EncodingError(f"{len(values)} values for {len(parts)} parts: {values!r}")
        return _lay_out(parts, values, head)

    def decode(content: bytes, start: int) -> Value:
        if len(content) < start + head:
            raise MalformedOutput(f"{len(content)} bytes, at least {start + head} expected")
        if not dynamic:
            return tuple([read(content, start + place) for place, read in fixed])
        return tuple(
            [
                read(content, start + (_read_unsigned(content, start + place) if is_offset else place))
                for place, is_offset, read in places
            ]
        )

    return Coder(WORD if dynamic else head, dynamic, encode, decode)


def _struct(whole: Coder, names: Sequence[str]) -> Coder:
    """Return the coder of a struct, whose values may also be given by name."""

    def encode(values: Sequence[Any] | Mapping[str, Any]) -> bytes:
        if not isinstance(values, Mapping):
            return whole.encode(values)
        if values.keys() != set(names):
            raise EncodingError(f"a struct of {', '.join(names)} is given {', '.join(values)}")
        return whole.encode([values[name] for name in names])

    return replace(whole, encode=encode)


def _lay_out(parts: Sequence[Coder], values: Sequence[Any], head: int) -> bytes:
    """Return static contents in place and dynamic ones behind them, ``head`` being the size of the places."""
    places, tail = [], b""
    for part, value in zip(parts, values, strict=True):
        content = part.encode(value)
        if part.dynamic:
            places.append(_unsigned(head + len(tail), 256))
            tail += content
        else:
            places.append(content)
    return b"".join(places) + tail


def _array(item: Coder, length: int, *, fixed: bool) -> Coder:
    def encode(values: Sequence[Any]) -> bytes:
        count = b"" if fixed else _unsigned(len(values), 256)
        return count + _lay_out([item] * len(values), values, item.head * len(values))

    def decode(content: bytes, start: int) -> Value:
        count = length if fixed else _read_unsigned(content, start)
        if not fixed and count > len(content) // WORD:
            raise MalformedOutput(f"an array of {count} in {len(content)} bytes")
        return tuple_coder([item] * count).decode(content, start + (0 if fixed else WORD))

    dynamic = item.dynamic or not fixed
    return Coder(WORD if dynamic else item.head * length, dynamic, encode, decode)


def _address(book: AddressBook) -> Coder:
    def encode(name: str) -> bytes:
        return bytes(12) + book.address(name)

    def decode(content: bytes, start: int) -> Value:
        return book.name(content[start + 12 : start + WORD])

    return Coder(WORD, False, encode, decode)


def _text() -> Coder:
    def decode(content: bytes, start: int) -> Value:
        return _read_bytes(content, start).decode(errors="replace")

    return Coder(WORD, True, lambda text: _encode_bytes(text.encode()), decode)


def _fixed_bytes(size: int) -> Coder:
    def encode(value: bytes) -> bytes:
        if len(value) != size:
            raise EncodingError(f"{len(value)} bytes for bytes{size}")
        return value.ljust(WORD, b"\0")

    return Coder(WORD, False, encode, lambda content, start: content[start : start + size])


def _unsigned(value: int, bits: int) -> bytes:
    if not 0 <= value < 1 << bits:
        raise DoesNotFit(value, f"uint{bits}")
    return value.to_bytes(WORD)


def _signed(value: int, bits: int) -> bytes:
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise DoesNotFit(value, f"int{bits}")
    return value.to_bytes(WORD, signed=True)


def _encode_bytes(value: bytes) -> bytes:
    return len(value).to_bytes(WORD) + value + bytes(-len(value) % WORD)


def _read_unsigned(content: bytes, start: int) -> int:
    return int.from_bytes(content[start : start + WORD])


def _read_signed(content: bytes, start: int) -> int:
    return int.from_bytes(content[start : start + WORD], signed=True)


def _read_bool(content: bytes, start: int) -> bool:
    return any(content[start : start + WORD])


def _read_bytes(content: bytes, start: int) -> bytes:
    length = _read_unsigned(content, start)
    if len(content) < start + WORD + length:
        raise MalformedOutput(f"{length} bytes announced in {len(content)}")
    return content[start + WORD : start + WORD + length]

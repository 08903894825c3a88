"""Values as words, by encoders that are made once: for types without a dynamic part."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, Final, TypeAlias

from ringfence.abi.interface import digest

Encode: TypeAlias = Callable[[Any], bytes]
Flat: TypeAlias = tuple[str, str]  # a path of names, and an elementary ABI type

WORD: Final = 32


class Words:
    """Encoders for one deployment, in which accounts and contracts are named."""

    def __init__(self, addresses: Mapping[str, bytes]) -> None:
        """Know the 20 bytes of every name's address."""
        self._addresses = {name: bytes(12) + address for name, address in addresses.items()}

    def encoder(self, kind: str) -> Encode:
        """Return what writes a value of an elementary type, and raises OverflowError or KeyError."""
        if kind == "address":
            return self._addresses.__getitem__
        bits = int("".join(filter(str.isdigit, kind)) or 8)
        return _signed(bits) if kind.startswith("int") else _unsigned(1 if kind == "bool" else bits)

    def all_of(self, parts: Iterable[Flat]) -> Encode:
        """Return what writes so many attributes of an object, one word each."""
        flat = list(parts)
        encoders = [self.encoder(kind) for _, kind in flat]
        if not flat:
            return lambda value: b""
        if len(flat) == 1:
            get, (encode,) = attrgetter(flat[0][0]), encoders
            return lambda value: encode(get(value))
        get_all = attrgetter(*[path for path, _ in flat])
        return lambda value: b"".join(
            [encode(part) for encode, part in zip(encoders, get_all(value), strict=True)]
        )

    def sequence(self, kinds: Iterable[str]) -> Encode:
        """Return what writes a tuple of values, one word each."""
        encoders = [self.encoder(kind) for kind in kinds]
        return lambda values: b"".join([encode(part) for encode, part in zip(encoders, values, strict=True)])


def selector(entry: dict[str, Any]) -> bytes:
    """Return the first four bytes of a function's or an error's hash."""
    return digest(entry)[:4]


def _unsigned(bits: int) -> Encode:
    limit = 1 << bits

    def encode(value: int) -> bytes:
        if value >= limit:
            raise OverflowError(value)
        return value.to_bytes(WORD)

    return encode if bits < 256 else lambda value: value.to_bytes(WORD)


def _signed(bits: int) -> Encode:
    lowest = -(1 << bits - 1)

    def encode(value: int) -> bytes:
        if not lowest <= value < -lowest:
            raise OverflowError(value)
        return value.to_bytes(WORD, signed=True)

    return encode if bits < 256 else lambda value: value.to_bytes(WORD, signed=True)

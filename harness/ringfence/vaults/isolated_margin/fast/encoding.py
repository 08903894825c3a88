"""Values as words, by encoders that are made once: for types without a dynamic part.

A value of less than 256 bits is written as Solidity returns it, in a word of its own; that it fits its type
is not looked at here, since what is compared with it does.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter, call, methodcaller
from typing import Any, Final, TypeAlias

from ringfence.evm.abi.interface import digest

Encode: TypeAlias = Callable[[Any], bytes]
Flat: TypeAlias = tuple[str, str]  # a path of names, and an elementary ABI type

WORD: Final = 32
UNSIGNED: Final[Encode] = methodcaller("to_bytes", WORD, "big")  # in C: it is called ten times a step
SIGNED: Final[Encode] = methodcaller("to_bytes", WORD, "big", signed=True)


class Words:
    """Encoders for one deployment, in which accounts and contracts are named."""

    def __init__(self, addresses: Mapping[str, bytes]) -> None:
        """Know the 20 bytes of every name's address."""
        self._addresses = {name: bytes(12) + address for name, address in addresses.items()}

    def encoder(self, kind: str) -> Encode:
        """Return what writes a value of an elementary type; it raises OverflowError or KeyError."""
        if kind == "address":
            return self._addresses.__getitem__
        return SIGNED if kind.startswith("int") else UNSIGNED

    def row(self, parts: Iterable[Flat]) -> Callable[[Any], list[bytes]]:
        """Return what writes N attributes of an object, a word each."""
        flat = list(parts)
        encoders = [self.encoder(kind) for _, kind in flat]
        if not flat:
            return lambda value: []
        get = attrgetter(*[path for path, _ in flat])
        if len(flat) == 1:
            (encode,) = encoders
            return lambda value: [encode(get(value))]
        return lambda value: list(map(call, encoders, get(value)))  # in C again

    def sequence(self, kinds: Iterable[str]) -> Encode:
        """Return what writes a tuple of values, one word each."""
        encoders = [self.encoder(kind) for kind in kinds]
        return lambda values: b"".join(map(call, encoders, values))


def selector(entry: dict[str, Any]) -> bytes:
    """Return the first four bytes of a function's or an error's hash."""
    return digest(entry)[:4]

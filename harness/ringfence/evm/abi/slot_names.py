"""What storage words hold, by names: ``positions[3].margin``, from solc's storage layout."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from eth_utils.crypto import keccak

DEEPEST: Final = 3  # mappings and arrays in each other
LONGEST: Final = 64  # elements of an array that are looked at
WORD: Final = 32
MOST: Final = 200_000  # words that have names


@dataclass(frozen=True, slots=True)
class Keys:
    """What mappings may be asked for, each a word by its name; small numbers are asked for anyway."""

    addresses: Mapping[str, bytes]
    hashes: Mapping[str, bytes]


class SlotNames:
    """Names the words of one contract."""

    def __init__(self, layout: Mapping[str, Any], keys: Keys) -> None:
        self._types: Mapping[str, Any] = layout.get("types") or {}
        self._keys = keys
        self._names: dict[int, list[str]] = {}
        variables = layout.get("storage", ())
        found = (
            each
            for variable in variables
            for each in self._words(variable["label"], int(variable["slot"]), variable["type"], DEEPEST)
        )
        for slot, name in islice(found, MOST):
            self._names.setdefault(slot, []).append(name)

    def name(self, slot: int) -> str | None:
        """Return what a word holds, all of it; None for a word of no known name."""
        names = self._names.get(slot)
        return ", ".join(names) if names else None

    def variables(self, slot: int) -> set[str]:
        """Return the variables that a word belongs to, without keys and members."""
        return {name.partition("[")[0].partition(".")[0] for name in self._names.get(slot, ())}

    def _words(self, name: str, slot: int, kind: str, depth: int) -> Iterator[tuple[int, str]]:
        """Yield the words of a value, each with a name."""
        declared = self._types[kind]
        match declared["encoding"]:
            case "mapping" if depth:
                for key, word in self._fitting(self._types[declared["key"]]):
                    entry = int.from_bytes(keccak(word + slot.to_bytes(WORD)))
                    yield from self._words(f"{name}[{key}]", entry, declared["value"], depth - 1)
            case "dynamic_array" if depth:
                yield slot, f"{name}.length"
                first = int.from_bytes(keccak(slot.to_bytes(WORD)))
                yield from self._elements(name, first, declared["base"], LONGEST, depth - 1)
            case "inplace" if "members" in declared:
                for member in declared["members"]:
                    place = slot + int(member["slot"])
                    yield from self._words(f"{name}.{member['label']}", place, member["type"], depth)
            case "inplace" if "base" in declared:
                count = int(declared["numberOfBytes"]) // int(self._types[declared["base"]]["numberOfBytes"])
                yield from self._elements(name, slot, declared["base"], min(count, LONGEST), depth)
            case _:
                yield slot, name

    def _elements(self, name: str, slot: int, base: str, count: int, depth: int) -> Iterator[tuple[int, str]]:
        """Yield the words of an array's elements; several small ones share a word."""
        size = int(self._types[base]["numberOfBytes"])
        shared = max(1, WORD // size)
        for index in range(count):
            place = slot + index // shared if size <= WORD else slot + index * -(-size // WORD)
            yield from self._words(f"{name}[{index}]", place, base, depth)

    def _fitting(self, key: Mapping[str, Any]) -> Iterable[tuple[str, bytes]]:
        """Return the keys that a mapping can be asked for, as they are hashed."""
        label = key["label"]
        if label.startswith(("address", "contract ")):
            return self._keys.addresses.items()
        if label == "bool":
            return ("false", bytes(WORD)), ("true", (1).to_bytes(WORD))
        if label.startswith(("uint", "int", "enum ")):
            return ((str(number), number.to_bytes(WORD)) for number in range(LONGEST))
        return self._keys.hashes.items() if label == "bytes32" else ()

"""Where a contract keeps its state, from solc's storage layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak


@dataclass(frozen=True, slots=True)
class Place:
    """One value inside a storage word."""

    slot: int
    shift: int
    bits: int
    signed: bool

    def read(self, word: int) -> int:
        """Return the value that a storage word holds here."""
        value = word >> self.shift & (1 << self.bits) - 1
        return value - (1 << self.bits) if self.signed and value >> self.bits - 1 else value

    def write(self, word: int, value: int) -> int:
        """Return a storage word with the value put in here."""
        bits = (1 << self.bits) - 1
        return word & ~(bits << self.shift) | (value & bits) << self.shift


class Layout:
    """Finds variables, entries of mappings and fields of structs by name."""

    def __init__(self, storage_layout: Mapping[str, Any]) -> None:
        self._variables = {variable["label"]: variable for variable in storage_layout["storage"]}
        self._types = storage_layout["types"] or {}

    def value(self, label: str, *keys: int) -> Place:
        """Return the place of an elementary variable, or of a mapping's entry; raises KeyError."""
        slot, variable, kind = self._entry(label, keys)
        return self._place(slot, variable["offset"] if not keys else 0, kind)

    def slot(self, label: str, *keys: int) -> int:
        """Return the first slot of a variable, or of what is behind the keys of its mappings."""
        return self._entry(label, keys)[0]

    def fields(self, label: str, *keys: int) -> dict[str, Place]:
        """Return the places of a struct's fields, by name; raises KeyError."""
        base, _, kind = self._entry(label, keys)
        return {
            member["label"]: self._place(base + int(member["slot"]), member["offset"], member["type"])
            for member in self._types[kind]["members"]
        }

    def _entry(self, label: str, keys: tuple[int, ...]) -> tuple[int, Any, str]:
        """Return the slot behind the ``keys`` of a variable's mappings, the variable and the type found."""
        variable = self._variables[label]
        slot, kind = int(variable["slot"]), variable["type"]
        for key in keys:
            slot = int.from_bytes(keccak(key.to_bytes(32) + slot.to_bytes(32)))
            kind = self._types[kind]["value"]
        return slot, variable, kind

    def _place(self, slot: int, offset: int, kind: str) -> Place:
        entry = self._types[kind]
        return Place(slot, 8 * offset, 8 * int(entry["numberOfBytes"]), entry["label"].startswith("int"))

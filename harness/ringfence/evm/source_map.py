"""From a program counter to a line of Solidity, by the compiler's source map."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

LINE_END: Final = b"\n"
PUSH1: Final = 0x60
PUSH32: Final = 0x7F


@dataclass(frozen=True)
class SourceMap:
    """What the compiler says of a contract's deployed code: each instruction's place in a source.

    ``sources`` are path and text by the compiler's number; what it generated itself is not among them.
    """

    code: bytes
    mapping: str
    sources: tuple[tuple[int, str, str], ...]

    def line(self, counter: int) -> str | None:
        """Return ``Vault.sol:12`` for a program counter; None for code that no source has."""
        start, number = self._places.get(counter, (0, -1))
        for known, path, text in self.sources:
            if known == number:
                return f"{path}:{1 + text.encode().count(LINE_END, 0, start)}"
        return None

    @cached_property
    def _places(self) -> dict[int, tuple[int, int]]:
        """Return for each instruction's counter the first byte and the number of its source."""
        return dict(zip(self._counters(), self._entries(), strict=False))

    def _counters(self) -> Iterator[int]:
        counter = 0
        while counter < len(self.code):
            yield counter
            pushed = self.code[counter] - PUSH1 + 1 if PUSH1 <= self.code[counter] <= PUSH32 else 0
            counter += 1 + pushed

    def _entries(self) -> Iterator[tuple[int, int]]:
        """Yield start and source of each instruction; a field that is left out is that of the one before."""
        fields = ["0", "0", "-1"]
        for entry in self.mapping.split(";"):
            for index, value in enumerate(entry.split(":")[:3]):
                fields[index] = value or fields[index]
            yield int(fields[0]), int(fields[2])

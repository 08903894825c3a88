"""From a program counter, or a function, to a line of Solidity, by the compiler's source map."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

LINE_END: Final = b"\n"
PUSH1: Final = 0x60
PUSH32: Final = 0x7F


@dataclass(frozen=True)
class SourceMap:
    """What the compiler says of a contract's deployed code: each instruction's place in a source.

    ``sources`` are path, from ``folder``, and text by the compiler's number; what it generated itself is not
    among them.
    """

    code: bytes
    mapping: str
    sources: tuple[tuple[int, str, str], ...]
    folder: Path

    def line(self, counter: int) -> str | None:
        """Return ``Vault.sol:12`` for a program counter; None for code that no source has."""
        start, number = self._places.get(counter, (0, -1))
        return self._line(start, number)

    def function(self, name: str, counters: Iterable[int]) -> str | None:
        """Return where the first function of that name begins that is run, the same way; None without one."""
        head = re.compile(rb"function\s+" + re.escape(name).encode() + rb"\s*\(")
        for start, number in dict.fromkeys(self._places.get(each, (0, -1)) for each in counters):
            if number in self._texts and head.match(self._texts[number][1], start):
                return self._line(start, number)
        return None

    def _line(self, start: int, number: int) -> str | None:
        path, text = self._texts.get(number, ("", b""))
        return f"{path}:{1 + text.count(LINE_END, 0, start)}" if path else None

    @cached_property
    def _texts(self) -> dict[int, tuple[str, bytes]]:
        return {number: (path, text.encode()) for number, path, text in self.sources}

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

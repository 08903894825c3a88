"""One call of a view: its stack, its memory, and where it is in its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ringfence.evm.views.path import WORD, Byte, NotCompilable, Path, Word

if TYPE_CHECKING:
    from ringfence.evm.views.interpreter import Interpreter

MOST_MEMORY: Final = 2**16  # bytes
JUMPDEST: Final = 0x5B
PUSHED: Final = range(0x5F, 0x80)  # PUSH0 to PUSH32


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended, and the bytes that it returned."""

    ok: bool
    output: Sequence[Byte]


class Execution:
    """One call: its stack, its memory, and where it is in its code."""

    run: "Interpreter"
    path: Path
    code: bytes
    at: str
    sender: str
    data: Sequence[Byte]
    depth: int
    place: int
    ended: Ended | None

    def __init__(
        self, run: "Interpreter", code: bytes, at: str, sender: str, data: Sequence[Byte], depth: int
    ) -> None:
        self.run, self.path = run, run.path
        self.code, self.at, self.sender, self.data, self.depth = code, at, sender, data, depth
        self.stack: list[Word] = []
        self.memory: list[Byte] = []
        self.returned: Sequence[Byte] = ()
        self.place = 0
        self.ended = None

    def push(self, word: Word) -> None:
        """Put a word on the stack."""
        self.stack.append(word)

    def pop(self) -> Word:
        """Take a word off the stack."""
        self.below(1)
        return self.stack.pop()

    def fixed(self) -> int:
        """Take a word off the stack whose value must stay what it is: a place, a size."""
        return self.path.fixed(self.pop())

    def address(self) -> str:
        """Take an address off the stack."""
        return f"0x{self.fixed() & (1 << 160) - 1:040x}"

    def load(self, start: int, size: int) -> list[Byte]:
        """Return a part of memory."""
        self._grow(start + size if size else 0)
        return self.memory[start : start + size]

    def store(self, start: int, content: Sequence[Byte]) -> None:
        """Write to memory."""
        if content:
            self._grow(start + len(content))
            self.memory[start : start + len(content)] = content

    def copy(self, source: Sequence[Byte]) -> None:
        """Copy to memory, with zeros behind the end of the source."""
        start, place, size = self.fixed(), self.fixed(), self.fixed()
        self._grow(start + size if size else 0)
        self.store(start, cut(source, place, size))

    def jump(self, to: int) -> None:
        """Go on elsewhere."""
        if to not in _destinations(self.code):
            raise NotCompilable("a jump to no destination")
        self.place = to

    def below(self, depth: int) -> Word:
        """Return the word at a depth of the stack, from 1; raises NotCompilable."""
        if len(self.stack) < depth:
            raise NotCompilable("an empty stack")
        return self.stack[-depth]

    def _grow(self, size: int) -> None:
        if size > MOST_MEMORY:
            raise NotCompilable("much memory")
        if len(self.memory) < size:
            self.memory.extend([0] * (-(-size // WORD) * WORD - len(self.memory)))


def cut(source: Sequence[Byte], place: int, size: int) -> list[Byte]:
    """Return a part of bytes, with zeros behind their end."""
    part = list(source[place : place + size])
    return part + [0] * (size - len(part))


@lru_cache(256)
def _destinations(code: bytes) -> frozenset[int]:
    """Return where a jump may go to: not into the data of a PUSH."""
    found, place = set(), 0
    while place < len(code):
        if code[place] == JUMPDEST:
            found.add(place)
        place += 1 + max(0, code[place] - PUSHED.start) * (code[place] in PUSHED)
    return frozenset(found)

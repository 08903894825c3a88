"""One path through a view: what it computed of storage words, and the conditions under which it is taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from eth_utils.crypto import keccak

from ringfence.evm.views.words import AND, OPERATIONS, OR, SCOPE, SHL, SHR, hashed

WORD: Final = 32
GAS: Final = "gas"  # what is left of it: a symbol that no answer may depend on
INDENT: Final = "\n    "


class NotCompilable(Exception):
    """A view does what a path can't hold. The message says what."""


class TooLong(NotCompilable):
    """A view runs more opcodes than are worth it."""


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """A word that depends on the state: how it is computed, and what it is now."""

    number: int
    text: str
    arguments: "tuple[Word, ...]"
    value: int

    def __str__(self) -> str:
        return f"v{self.number}"


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A symbol that must be true, false or a certain value for the path to be taken."""

    symbol: Symbol
    expected: bool | int

    def __str__(self) -> str:
        if isinstance(self.expected, bool):
            return f"if {'not ' if self.expected else ''}{self.symbol}: return None"
        return f"if {self.symbol} != {self.expected}: return None"


Word: TypeAlias = int | Symbol
Byte: TypeAlias = int | tuple[Symbol, int]
"""A byte of memory: known, or one of the 32 of a symbol, the highest first."""


def value_of(word: Word) -> int:
    """Return what a word is now."""
    return word.value if isinstance(word, Symbol) else word


class Path:
    """Symbols and guards in the order in which they came."""

    def __init__(self) -> None:
        self._lines: list[Symbol | Guard] = []
        self._known: dict[tuple[str, tuple[Word, ...]], Symbol] = {}

    def symbol(self, text: str, arguments: "tuple[Word, ...]", value: int) -> Symbol:
        """Return the symbol of an expression, the same for the same."""
        key = text, arguments
        if key not in self._known:
            self._known[key] = made = Symbol(len(self._lines), text, arguments, value)
            self._lines.append(made)
        return self._known[key]

    def fixed(self, word: Word) -> int:
        """Return a word's value, which must stay what it is."""
        if isinstance(word, Symbol):
            self._lines.append(Guard(word, word.value))
            return word.value
        return word

    def holds(self, word: Word) -> bool:
        """Return whether a word is not 0, which must stay so."""
        if isinstance(word, Symbol):
            self._lines.append(Guard(word, bool(word.value)))
        return bool(value_of(word))

    def computed(self, opcode: int, arguments: "tuple[Word, ...]") -> Word:
        """Return the result of an opcode that only computes."""
        operation = OPERATIONS[opcode]
        value = operation.compute(*map(value_of, arguments))
        if not any(isinstance(each, Symbol) for each in arguments):
            return value
        return self.symbol(operation.text, arguments, value)

    def word(self, content: Sequence[Byte]) -> Word:
        """Return the word that 32 bytes make."""
        first = content[0]
        if isinstance(first, tuple) and all(each == (first[0], at) for at, each in enumerate(content)):
            return first[0]
        whole: Word = 0
        start = 0
        while start < WORD:
            end, part = _part(content, start)
            placed = self._placed(part, end - start, WORD - end)
            whole = placed if whole == 0 else self.computed(OR, (whole, placed))
            start = end
        return whole

    def hash(self, content: Sequence[Byte]) -> Word:
        """Return keccak256 of memory; raises NotCompilable."""
        known = bytes(each for each in content if isinstance(each, int))
        if len(known) == len(content):
            return int.from_bytes(keccak(known))
        if len(content) % WORD:
            raise NotCompilable("a hash of what is not made of words")
        words = tuple(self.word(content[at : at + WORD]) for at in range(0, len(content), WORD))
        places = ", ".join(f"{{{place}}}" for place in range(len(words)))
        return self.symbol(f"hashed({places})", words, hashed(*map(value_of, words)))

    def function(self, ok: bool, output: Sequence[Byte], scope: dict[str, Any]) -> Callable[[], bytes | None]:
        """Return the path as a function; what it names is in ``scope``: ``word``, ``balance``, ``block``.

        It returns the bytes that the view returns, or None where a guard fails; it raises ``Reverted``.
        Raises NotCompilable.
        """
        prefix = len(output) % WORD
        head = bytes(each for each in output[:prefix] if isinstance(each, int))
        if len(head) < prefix:
            raise NotCompilable("an answer of parts of words")
        words = [self.word(output[at : at + WORD]) for at in range(prefix, len(output), WORD)]
        shifts = range(256 * (len(words) - 1), -1, -256)
        whole = " | ".join(f"{word} << {shift}" for word, shift in zip(words, shifts, strict=True)) or "0"
        answer = (
            f"{head!r} + ({whole}).to_bytes({WORD * len(words)})"
            if head
            else f"({whole}).to_bytes({WORD * len(words)})"
        )
        ended = f"return {answer}" if ok else f"raise Reverted({answer})"
        names = SCOPE | scope
        exec(f"def view():{INDENT}{INDENT.join([*self._needed(words), ended])}", names)
        view: Callable[[], bytes | None] = names["view"]
        return view

    def _needed(self, words: Sequence[Word]) -> list[str]:
        """Return the lines of all guards, and of the symbols that these and the words need.

        Raises NotCompilable.
        """
        needed = {word.number for word in words if isinstance(word, Symbol)}
        lines = []
        for line in reversed(self._lines):
            if isinstance(line, Guard):
                needed.add(line.symbol.number)
                lines.append(str(line))
            elif line.number in needed and line.text.startswith(GAS):
                raise NotCompilable("an answer that depends on gas")
            elif line.number in needed:
                needed |= {each.number for each in line.arguments if isinstance(each, Symbol)}
                lines.append(f"{line} = {line.text.format(*line.arguments)}")
        return lines[::-1]

    def _placed(self, part: Word | tuple[Symbol, int], size: int, behind: int) -> Word:
        """Return ``size`` bytes, of a symbol from one of its bytes on, in front of ``behind`` others."""
        if isinstance(part, tuple):
            symbol, start = part
            shifted = self.computed(SHR, (8 * (WORD - start - size), symbol))
            part = self.computed(AND, (shifted, (1 << 8 * size) - 1))
        return self.computed(SHL, (8 * behind, part))


def _part(content: Sequence[Byte], start: int) -> "tuple[int, Word | tuple[Symbol, int]]":
    """Return where the known bytes, or those of one symbol, that begin here end; and what they are."""
    first, end = content[start], start + 1
    if isinstance(first, tuple):
        while end < WORD and content[end] == (first[0], first[1] + end - start):
            end += 1
        return end, first
    while end < WORD and isinstance(content[end], int):
        end += 1
    return end, int.from_bytes(bytes(each for each in content[start:end] if isinstance(each, int)))

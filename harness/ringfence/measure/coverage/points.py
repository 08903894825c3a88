"""What can be reached in a source: statements, functions, and the ways out of a condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that starts on ``line``."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class FunctionPoint:
    """A function, modifiers apart; ``name`` is ``Contract.function``."""

    file: str
    line: int
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """One way out of a condition, or into a clause of a ``try``.

    ``text`` is the condition as it is written, on one line, and ``way`` is ``true``, ``false`` or the clause.
    ``column`` counts characters from 1.
    """

    file: str
    line: int
    column: int
    text: str
    way: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.text} is {self.way}"


Point: TypeAlias = Statement | FunctionPoint | Way
Sources: TypeAlias = Mapping[str, str]  # text by path

"""What can be reached in sources: statements, functions, the ways out of a condition; and what was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar


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

    ``text`` is the condition as written, on one line, and ``way`` is ``true``, ``false`` or the clause.
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
Condition: TypeAlias = tuple[int, int, str]  # line, column, text
Kind = TypeVar("Kind", bound=Point)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    hit: int = 0
    of: int = 0

    @staticmethod
    def among(hits: Collection[bool]) -> "Share":
        """Return how many are true."""
        return Share(sum(hits), len(hits))

    @property
    def percent(self) -> float:
        """Return the share; all of nothing is 100."""
        return 100 * self.hit / self.of if self.of else 100.0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.hit + other.hit, self.of + other.of)


@dataclass(frozen=True, slots=True)
class FileReached:
    """One file: whether each line with a statement, each function and each way of each condition was reached.

    A line counts as reached when any statement that starts on it was.
    """

    file: str
    text: str
    lines: Mapping[int, bool]
    functions: Mapping[FunctionPoint, bool]
    conditions: Mapping[Condition, Mapping[Way, bool]]

    @property
    def shares(self) -> tuple[Share, Share, Share]:
        """Return the lines, functions and ways reached."""
        ways = [hit for each in self.conditions.values() for hit in each.values()]
        return Share.among(self.lines.values()), Share.among(self.functions.values()), Share.among(ways)


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached of all that has a mark. ``hits`` are numbers of points."""

    points: Sequence[Point]
    texts: Mapping[str, str]
    hits: frozenset[int]

    def ways(self) -> frozenset[Way]:
        """Return the ways gone: the features by which a search may be guided."""
        return frozenset(way for way, is_hit in self._of_kind(Way) if is_hit)

    def uncalled(self) -> list[FunctionPoint]:
        """Return the functions that nothing called, in the order of the sources."""
        return [function for function, is_hit in self._of_kind(FunctionPoint) if not is_hit]

    def missed(self) -> list[Way]:
        """Return the ways that nothing went, in the order of the sources."""
        return sorted(way for way, is_hit in self._of_kind(Way) if not is_hit)

    def passed_by(self) -> list[Way]:
        """Return the ways that nothing went, those first whose condition was met and always the other way.

        Whatever is behind them begins there: a refusal that never let anything pass, say.
        """
        decided = {(way.file, way.line, way.column) for way in self.ways()}
        return sorted(self.missed(), key=lambda way: (way.file, way.line, way.column) not in decided)

    @property
    def way_share(self) -> Share:
        """Return the ways gone, of all files."""
        return Share.among([is_hit for _, is_hit in self._of_kind(Way)])

    def files(self) -> list[FileReached]:
        """Return every file with code in it, by name."""
        return [self._file(file) for file in sorted(self.texts)]

    def within(self, part: str) -> "Reached":
        """Return what was reached of the files with a text in their paths."""
        chosen = [number for number, point in enumerate(self.points) if part in point.file]
        hits = frozenset(place for place, number in enumerate(chosen) if number in self.hits)
        texts = {file: text for file, text in self.texts.items() if part in file}
        return Reached([self.points[number] for number in chosen], texts, hits)

    def _of_kind(self, kind: type[Kind], file: str | None = None) -> Iterator[tuple[Kind, bool]]:
        for number, point in enumerate(self.points):
            if isinstance(point, kind) and file in (None, point.file):
                yield point, number in self.hits

    def _file(self, file: str) -> FileReached:
        lines: dict[int, bool] = {}
        for statement, is_hit in self._of_kind(Statement, file):
            lines[statement.line] = lines.get(statement.line, False) or is_hit
        conditions: dict[Condition, dict[Way, bool]] = {}
        for way, is_hit in self._of_kind(Way, file):
            conditions.setdefault((way.line, way.column, way.text), {})[way] = is_hit
        functions = dict(self._of_kind(FunctionPoint, file))
        ordered = dict(sorted(lines.items())), functions, dict(sorted(conditions.items()))
        return FileReached(file, self.texts[file], *ordered)

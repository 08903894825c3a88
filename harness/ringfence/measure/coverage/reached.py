"""How much of the marked sources was reached, file by file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ringfence.measure.coverage.points import FunctionPoint, Point, Statement, Way

Condition: TypeAlias = tuple[int, int, str]  # line, column, text


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    hit: int
    of: int

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
    def line_share(self) -> Share:
        """Return the lines reached."""
        return _share(self.lines.values())

    @property
    def function_share(self) -> Share:
        """Return the functions reached."""
        return _share(self.functions.values())

    @property
    def way_share(self) -> Share:
        """Return the ways of conditions gone."""
        return _share(hit for ways in self.conditions.values() for hit in ways.values())


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached of all that was marked. ``hits`` are numbers of points."""

    points: Sequence[Point]
    texts: Mapping[str, str]
    hits: frozenset[int]

    def ways(self) -> frozenset[Way]:
        """Return the ways gone: the features by which a search may be guided."""
        return frozenset(point for number, point in self._of_kind() if number in self.hits)

    def uncalled(self) -> list[FunctionPoint]:
        """Return the functions that nothing called, in the order of the sources."""
        numbered = enumerate(self.points)
        return [
            each for number, each in numbered if isinstance(each, FunctionPoint) and number not in self.hits
        ]

    def missed(self) -> list[Way]:
        """Return the ways that nothing went, in the order of the sources."""
        return sorted(point for number, point in self._of_kind() if number not in self.hits)

    @property
    def way_share(self) -> Share:
        """Return the ways gone, of all files."""
        gone = len(self.ways())
        return Share(gone, gone + len(self.missed()))

    def files(self) -> list[FileReached]:
        """Return every file with code in it, by name."""
        return [self._file(file) for file in sorted(self.texts)]

    def _of_kind(self) -> Iterator[tuple[int, Way]]:
        return ((number, point) for number, point in enumerate(self.points) if isinstance(point, Way))

    def _file(self, file: str) -> FileReached:
        lines: dict[int, bool] = {}
        functions: dict[FunctionPoint, bool] = {}
        conditions: dict[Condition, dict[Way, bool]] = {}
        for number, point in enumerate(self.points):
            if point.file != file:
                continue
            is_hit = number in self.hits
            match point:
                case Statement():
                    lines[point.line] = lines.get(point.line, False) or is_hit
                case FunctionPoint():
                    functions[point] = is_hit
                case Way():
                    conditions.setdefault((point.line, point.column, point.text), {})[point] = is_hit
        ordered = dict(sorted(lines.items())), dict(sorted(conditions.items()))
        return FileReached(file, self.texts[file], ordered[0], functions, ordered[1])


def _share(hits: Iterable[bool]) -> Share:
    counted = list(hits)
    return Share(sum(counted), len(counted))

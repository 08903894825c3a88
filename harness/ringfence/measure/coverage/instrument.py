"""Puts marks into sources, by the compiler's own syntax tree: every statement, function and condition."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from os.path import relpath
from pathlib import PurePosixPath
from typing import Any, Final

from ringfence.measure.coverage import marks
from ringfence.measure.coverage.reached import FunctionPoint, Point, Sources, Statement, Way
from ringfence.measure.tree import BLOCKS, Node

BODIES: Final = {  # of branches and loops: a block, or one statement
    "IfStatement": ("trueBody", "falseBody"),
    "WhileStatement": ("body",),
    "DoWhileStatement": ("body",),
    "ForStatement": ("body",),
}
DECIDING: Final = (*BODIES, "Conditional")
JOINING: Final = ("&&", "||")
LARGEST_ID: Final = 2**31 - 1
UNMARKED: Final = (*BLOCKS, "PlaceholderStatement")
SEMICOLON: Final = re.compile(rb"(?:[\s)]|//[^\n]*|/\*.*?\*/)*;", re.DOTALL)  # past the comments before it
WIDEST: Final = 100  # characters of a condition's text


class Instrumentation:
    """What has got marks: ``points`` by their numbers, and the sources before, by file."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.texts: dict[str, str] = {}

    def of(self, sources: Sources, trees: Mapping[str, Any], files: Mapping[str, str]) -> Sources:
        """Return the sources with marks in each that has code and is named in ``files``, by its path.

        ``trees`` are the compiler's ``SourceUnit`` nodes of these very sources; ``files`` are their names in
        reports.
        """
        changed = {**sources, marks.FILE: marks.SOLIDITY}
        for path, file in sorted(files.items()):
            source = _Source(file, Node(trees[path], sources[path].encode()), self.points)
            if source.is_changed:
                self.texts[file] = sources[path]
                place = relpath(marks.FILE, PurePosixPath(path).parent)
                place = place if place.startswith(".") else f"./{place}"
                changed[path] = f'{source.text()}\nimport {{{marks.LIBRARY}}} from "{place}";\n'
        return changed


class _Source:
    """One source, and what is put into it. The tree counts bytes, so the text stays as such."""

    def __init__(self, file: str, root: Node, points: list[Point]) -> None:
        """Find everything that can be reached, outer nodes before inner ones."""
        self._file, self._source, self._points = file, root.source, points
        self._before: list[tuple[int, str]] = []  # what is put in at an offset, outer things first
        self._after: list[tuple[int, str]] = []  # the same, inner things last
        self._known = set[int]()  # ids of conditions
        self._names = Counter[str]()
        first = len(points)
        for node in root.walk():
            self._visit(node)
        self.is_changed = len(points) > first

    def text(self) -> str:
        """Return the text; at one offset, what ends comes before what begins, and inner ends come first."""
        insertions = [*reversed(self._after), *self._before]
        insertions.sort(key=lambda insertion: insertion[0])
        parts, last = [], 0
        for offset, put in insertions:
            parts += [self._source[last:offset], put.encode()]
            last = offset
        return b"".join((*parts, self._source[last:])).decode()

    def _visit(self, node: Node) -> None:
        if node.kind == "FunctionDefinition":
            self._function(node)
        elif node.kind in BLOCKS:
            for statement in node.parts("statements"):
                self._statement(statement)
        elif node.kind == "TryStatement":
            self._clauses(node)
        for name in BODIES.get(node.kind, ()):
            body = node.part(name)
            if body and body.kind not in BLOCKS:
                self._lone_statement(body)
        for condition in conditions(node):
            self._condition(condition)

    def _function(self, node: Node) -> None:
        body, contract = node.part("body"), node.enclosing("ContractDefinition")
        if body is None:
            return
        name = f"{f'{contract.name}.' if contract else ''}{node.name or node.raw['kind']}"
        self._names[name] += 1
        if self._names[name] > 1:
            name = f"{name}#{self._names[name]}"  # overloads: reports need names of their own
        number = self._point(FunctionPoint(self._file, node.place[0], name))
        self._before.append((body.start + 1, f" {marks.hit(number)}"))

    def _statement(self, node: Node) -> None:
        if node.kind not in UNMARKED:
            number = self._point(Statement(self._file, node.place[0]))
            self._before.append((node.start, f"{marks.hit(number)} "))

    def _lone_statement(self, node: Node) -> None:
        """Make a block of a statement that is the whole body of a branch or loop."""
        self._before.append((node.start, "{ "))
        self._statement(node)
        self._after.append((self._end_of_statement(node), " }"))

    def _clauses(self, node: Node) -> None:
        text = _written(node.only("externalCall"))
        for index, clause in enumerate(node.parts("clauses")):
            end = f"catch {clause.raw['errorName']}".strip() if index else "success"
            number = self._point(Way(self._file, *node.place, f"try {text}", end))
            self._before.append((clause.only("block").start + 1, f" {marks.hit(number)}"))

    def _condition(self, node: Node) -> None:
        if node.raw["id"] in self._known:
            return
        self._known.add(node.raw["id"])
        ways = (Way(self._file, *node.place, _written(node), way) for way in ("true", "false"))
        opening, closing = marks.condition(*map(self._point, ways))
        self._before.append((node.start, opening))
        self._after.append((node.end, closing))

    def _point(self, point: Point) -> int:
        self._points.append(point)
        return len(self._points) - 1

    def _end_of_statement(self, node: Node) -> int:
        """Return where a statement ends with its semicolon, which is no part of it to the compiler."""
        match node.kind:
            case "Block" | "UncheckedBlock" | "InlineAssembly":
                return node.end
            case "TryStatement":
                return node.parts("clauses")[-1].only("block").end
            case "IfStatement" | "WhileStatement" | "ForStatement":
                return self._end_of_statement(
                    node.part("falseBody") or node.part("trueBody") or node.only("body")
                )
        semicolon = SEMICOLON.search(self._source, node.end - 1)  # a bare ``return`` has its own in the node
        assert semicolon is not None, f"no end of {node.kind}"
        return semicolon.end()


def _written(node: Node) -> str:
    """Return a node's text on one line."""
    text = " ".join(node.text.split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."


def conditions(node: Node) -> Iterator[Node]:
    """Yield the conditions that a node decides by; what they are made of is not looked at.

    A literal can't be both, so it is none. ``assert`` states what is always so: its other way is a bug.
    """
    decided = node.part("condition")
    if node.kind in DECIDING and decided:
        yield from _parts(decided)
    elif _joins(node):
        yield from _parts(node)
    elif node.kind == "FunctionCall" and _is_require(node.only("expression")):
        yield from _parts(node.parts("arguments")[0])


def _parts(expression: Node) -> Iterator[Node]:
    if _joins(expression):
        yield from _parts(expression.only("leftExpression"))
        yield from _parts(expression.only("rightExpression"))
    elif expression.kind == "UnaryOperation" and expression.operator == "!":
        yield from _parts(expression.only("subExpression"))
    elif expression.kind == "TupleExpression":
        yield from _parts(expression.only("components"))
    elif expression.kind != "Literal":
        yield expression


def _joins(node: Node) -> bool:
    return node.kind == "BinaryOperation" and node.operator in JOINING


def _is_require(called: Node) -> bool:
    """Return whether it is Solidity's own: those have negative ids, written as if they were unsigned."""
    return called.name == "require" and called.raw.get("referencedDeclaration", 0) > LARGEST_ID

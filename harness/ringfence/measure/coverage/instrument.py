"""Puts marks into sources, by the compiler's own syntax tree: every statement, function and condition."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from os.path import relpath
from pathlib import PurePosixPath
from typing import Final

from ringfence.measure.coverage import marks
from ringfence.measure.coverage.conditions import Node, conditions
from ringfence.measure.coverage.points import FunctionPoint, Point, Sources, Statement, Way

BLOCKS: Final = ("Block", "UncheckedBlock")
BODIES: Final = ("trueBody", "falseBody", "body")  # of branches and loops: a block, or one statement
WITH_BODIES: Final = ("IfStatement", "WhileStatement", "DoWhileStatement", "ForStatement")
UNMARKED: Final = (*BLOCKS, "PlaceholderStatement")
SEMICOLON: Final = re.compile(rb"(?:[\s)]|//[^\n]*|/\*.*?\*/)*;", re.DOTALL)  # past the comments before it
WIDEST: Final = 100  # characters of a condition's text


class Marking:
    """What has been marked: ``points`` by their numbers, and the sources as they were, by file."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.texts: dict[str, str] = {}

    def mark(self, sources: Sources, trees: Mapping[str, Node], files: Mapping[str, str]) -> Sources:
        """Return the sources with marks in each that has code and is named in ``files``, by its path.

        ``trees`` are the compiler's ``SourceUnit`` nodes of these very sources; ``files`` are their names in
        reports.
        """
        marked = {**sources, marks.FILE: marks.SOLIDITY}
        for path, file in sorted(files.items()):
            first = len(self.points)
            marked[path] = _Source(path, file, sources[path], self.points).marked(trees[path])
            if len(self.points) > first:
                self.texts[file] = sources[path]
        return marked


class _Source:
    """One source on its way to be marked. The tree counts bytes, so the text is kept as such."""

    def __init__(self, path: str, file: str, text: str, points: list[Point]) -> None:
        self._path, self._file, self._text, self._points = path, file, text.encode(), points
        self._before: list[tuple[int, str]] = []  # what is put in at an offset, outer things first
        self._after: list[tuple[int, str]] = []  # the same, inner things last
        self._known = set[int]()  # ids of conditions
        self._names = Counter[str]()

    def marked(self, tree: Node) -> str:
        """Return the source with marks in it; a source without code is not changed."""
        first = len(self._points)
        self._visit(tree, "")
        if len(self._points) == first:
            return self._text.decode()
        place = relpath(marks.FILE, PurePosixPath(self._path).parent)
        place = place if place.startswith(".") else f"./{place}"
        return f'{self._with_insertions()}\nimport {{{marks.LIBRARY}}} from "{place}";\n'

    # ------------------------------------------------------------------------------------ the tree

    def _visit(self, node: Node, contract: str) -> None:
        kind = node["nodeType"]
        if kind == "ContractDefinition":
            contract = f"{node['name']}."
        elif kind in ("FunctionDefinition", "ModifierDefinition"):
            if not node.get("body"):
                return
            if kind == "FunctionDefinition":
                self._function(node, contract)
        elif kind in BLOCKS:
            for statement in node.get("statements") or ():
                self._statement(statement)
        elif kind in WITH_BODIES:
            for body in (node[name] for name in BODIES if node.get(name)):
                if body["nodeType"] not in BLOCKS:
                    self._lone_statement(body)
        elif kind == "TryStatement":
            self._clauses(node)
        for condition in conditions(node):
            self._condition(condition)
        for child in _children(node):
            self._visit(child, contract)

    def _function(self, node: Node, contract: str) -> None:
        name = f"{contract}{node['name'] or node['kind']}"
        self._names[name] += 1
        if self._names[name] > 1:
            name = f"{name}#{self._names[name]}"  # overloads: reports need names of their own
        number = self._point(FunctionPoint(self._file, self._place(node)[0], name))
        self._before.append((_start(node["body"]) + 1, f" {marks.hit(number)}"))

    def _statement(self, node: Node) -> None:
        if node["nodeType"] not in UNMARKED:
            number = self._point(Statement(self._file, self._place(node)[0]))
            self._before.append((_start(node), f"{marks.hit(number)} "))

    def _lone_statement(self, node: Node) -> None:
        """Make a block of a statement that is the whole body of a branch or loop."""
        self._before.append((_start(node), "{ "))
        self._statement(node)
        self._after.append((self._end_of_statement(node), " }"))

    def _clauses(self, node: Node) -> None:
        line, column = self._place(node)
        text = self._written(node["externalCall"])
        for index, clause in enumerate(node["clauses"]):
            told = "catch " + clause["errorName"] if index and clause["errorName"] else "catch"
            way = Way(self._file, line, column, f"try {text}", told if index else "success")
            self._before.append((_start(clause["block"]) + 1, f" {marks.hit(self._point(way))}"))

    def _condition(self, node: Node) -> None:
        if node["id"] in self._known:
            return
        self._known.add(node["id"])
        line, column = self._place(node)
        text = self._written(node)
        numbers = [self._point(Way(self._file, line, column, text, way)) for way in ("true", "false")]
        opening, closing = marks.condition(*numbers)
        self._before.append((_start(node), opening))
        self._after.append((_end(node), closing))

    def _point(self, point: Point) -> int:
        self._points.append(point)
        return len(self._points) - 1

    # ------------------------------------------------------------------------------------ the text

    def _place(self, node: Node) -> tuple[int, int]:
        """Return line and column, from 1."""
        before = self._text[: _start(node)].decode()
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def _written(self, node: Node) -> str:
        text = " ".join(self._text[_start(node) : _end(node)].decode().split())
        return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."

    def _end_of_statement(self, node: Node) -> int:
        """Return where a statement ends with its semicolon, which is no part of it to the compiler."""
        match node["nodeType"]:
            case "Block" | "UncheckedBlock" | "InlineAssembly":
                return _end(node)
            case "TryStatement":
                return _end(node["clauses"][-1]["block"])
            case "IfStatement":
                return self._end_of_statement(node.get("falseBody") or node["trueBody"])
            case "WhileStatement" | "ForStatement":
                return self._end_of_statement(node["body"])
        end = _end(node) - 1  # a bare ``return`` has its semicolon, other statements don't
        semicolon = SEMICOLON.search(self._text, end)
        assert semicolon is not None, f"no end of {node['nodeType']}"
        return semicolon.end()

    def _with_insertions(self) -> str:
        """Return the text; at one offset, what ends comes before what begins, and inner ends come first."""
        insertions = [*reversed(self._after), *self._before]
        insertions.sort(key=lambda insertion: insertion[0])
        parts, last = [], 0
        for offset, put in insertions:
            parts += [self._text[last:offset], put.encode()]
            last = offset
        return b"".join((*parts, self._text[last:])).decode()


def _start(node: Node) -> int:
    return int(node["src"].split(":")[0])


def _end(node: Node) -> int:
    start, length, _ = node["src"].split(":")
    return int(start) + int(length)


def _children(node: Node) -> Iterator[Node]:
    """Yield the nodes in a node, in the order of the tree; a Yul block is one statement and no node here."""
    for name, value in node.items():
        if name == "AST":
            continue
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict) and "nodeType" in each:
                yield each

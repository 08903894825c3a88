"""A change of one source, and all that the operators make of the sources."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from random import Random
from typing import Any, Final

from ringfence.measure.mutation.operators import EVERY_OPERATOR, Change, Operator
from ringfence.measure.tree import Node

ID_DIGITS: Final = 8
CONTEXT: Final = 1  # lines of a diff around the change


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one change in it.

    ``id`` comes from what the change says and not from where it is, so that it stays the same when other
    lines change. ``line`` and ``function`` are where it is.
    """

    id: str
    file: str
    function: str
    line: int
    operator: str
    is_domain: bool
    text: str

    def diff(self, sources: Mapping[str, str]) -> str:
        """Return the change as a unified diff, without its head."""
        before, after = sources[self.file].splitlines(), self.text.splitlines()
        return "\n".join(list(unified_diff(before, after, n=CONTEXT, lineterm=""))[2:])

    def change(self, sources: Mapping[str, str]) -> str:
        """Return the change in one line: what goes and what comes."""
        lines = self.diff(sources).splitlines()
        gone, come = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
        return f"{' '.join(gone)} -> {' '.join(come)}".strip()


def mutants_of(
    sources: Mapping[str, str], trees: Mapping[str, Any], operators: Iterable[Operator] = EVERY_OPERATOR
) -> list[Mutant]:
    """Return every change that the operators make in the files that ``trees`` has, no two of them the same.

    They are in the order of files and lines.
    """
    found: list[Mutant] = []
    for file in sorted(trees):
        root = Node(trees[file], sources[file].encode())
        found += sorted(_of_file(file, root, tuple(operators)), key=lambda mutant: mutant.line)
    return found


def one_of_a_line(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return, for every line, one mutant of each operator of the domain; a generic one where there is none.

    Which one of several depends on their ids, so that it stays the same.
    """
    mutants = list(mutants)
    of_domain = {(mutant.file, mutant.line) for mutant in mutants if mutant.is_domain}
    first: dict[tuple[str, int, str], str] = {}
    for mutant in mutants:
        place = (mutant.file, mutant.line, mutant.operator if mutant.is_domain else "")
        if mutant.is_domain or place[:2] not in of_domain:
            first[place] = min(first.get(place, mutant.id), mutant.id)
    chosen = set(first.values())
    return [mutant for mutant in mutants if mutant.id in chosen]


def sample(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return ``count`` mutants in a drawn order: a smaller sample is the start of a larger one."""
    drawn = list(mutants)
    Random(seed).shuffle(drawn)
    return drawn[:count]


def _of_file(file: str, root: Node, operators: tuple[Operator, ...]) -> Iterator[Mutant]:
    texts = {root.source}
    alike: Counter[str] = Counter()
    nodes = list(root.walk())
    for operator in operators:
        for node in nodes:
            for change in operator.apply(node):
                text = root.source[: change.start] + change.put.encode() + root.source[change.end :]
                if text not in texts:
                    texts.add(text)
                    yield _mutant(file, node, operator, change, text.decode(), alike)


def _mutant(
    file: str, node: Node, operator: Operator, change: Change, text: str, alike: Counter[str]
) -> Mutant:
    function, source = _function(node), node.source
    number = source.count(b"\n", 0, change.start)
    line = source.split(b"\n")[number].decode().strip()
    gone = source[change.start : change.end].decode()
    name = "\0".join((file, function, operator.name, line, gone, change.put))
    alike[name] += 1
    digest = hashlib.sha256(f"{name}\0{alike[name]}".encode()).hexdigest()
    return Mutant(digest[:ID_DIGITS], file, function, number + 1, operator.name, operator.is_domain, text)


def _function(node: Node) -> str:
    """Return the name of the function around a node, of the contract's member outside of one."""
    function = node.function
    if function:
        return function.name or str(function.raw.get("kind", ""))
    declared = node if node.kind == "VariableDeclaration" else node.enclosing("VariableDeclaration")
    return declared.name if declared else ""

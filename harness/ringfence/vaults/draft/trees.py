"""What solc's syntax trees say: bases, state variables, and which of these each function writes."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

Node = dict[str, Any]
CHANGES: Final = ("++", "--", "delete")
GROWS: Final = ("push", "pop")
IDS: Final = {"id", "referencedDeclaration", "linearizedBaseContracts"}
GUARDS: Final = ("only", "auth")  # in the names of modifiers


class Trees:
    """The trees of some compilations, by the ids of their nodes."""

    def __init__(self, *compilations: Iterable[Node]) -> None:
        """Take the roots of each compilation, whose ids are made other than those before."""
        self._roots: tuple[Node, ...] = ()
        for trees in compilations:
            last = max((node.get("id", 0) for node in _below(self._roots)), default=0)
            self._roots += tuple(_renumbered(tree, last) for tree in trees)
        self._nodes = {node["id"]: node for node in _below(self._roots) if "id" in node}
        self._writes: dict[int, frozenset[int]] = {}

    @cached_property
    def contracts(self) -> dict[str, Node]:
        """Return the definitions of contracts and interfaces, by name and by full name."""
        found = [
            (root["absolutePath"], node)
            for root in self._roots
            for node in root["nodes"]
            if node["nodeType"] == "ContractDefinition"
        ]
        full = {f"{path}:{node['name']}": node for path, node in found}
        return {node["name"]: node for _, node in found} | full

    @cached_property
    def _functions(self) -> dict[str, list[Node]]:
        """Return the functions that have a body, by name."""
        found: dict[str, list[Node]] = {}
        for node in self._nodes.values():
            if node["nodeType"] == "FunctionDefinition" and node.get("body"):
                found.setdefault(node["name"], []).append(node)
        return found

    def bases(self, contract: str) -> list[Node]:
        """Return a contract and what it inherits from, itself first; none without a tree of it."""
        node = self.contracts.get(contract)
        return [self._nodes[base] for base in node["linearizedBaseContracts"]] if node else []

    def members(self, contract: str) -> list[Node]:
        """Return what a contract and its bases declare."""
        return [node for base in self.bases(contract) for node in base["nodes"]]

    def variables(self, contract: str) -> list[Node]:
        """Return the state variables of a contract and its bases; constants and immutables apart."""
        return [
            node
            for node in self.members(contract)
            if node["nodeType"] == "VariableDeclaration" and node.get("mutability") == "mutable"
        ]

    def written_by(self, contract: str, function: str) -> list[str]:
        """Return the state variables that a function writes, with all it calls, in any contract."""
        bodies = (node for node in self._definitions(contract, function) if node.get("body"))
        last = next(bodies, None)
        return sorted({self._nodes[each]["name"] for each in self._written(last)}) if last else []

    def is_guarded(self, contract: str, function: str) -> bool:
        """Return whether a function has a modifier called like a guard."""
        modifiers = [
            str(each["modifierName"]["name"]).lower()
            for node in self._definitions(contract, function)
            for each in node.get("modifiers", ())
        ]
        return any(word in name for name in modifiers for word in GUARDS)

    def _definitions(self, contract: str, function: str) -> Iterator[Node]:
        """Yield the definitions of a function in a contract and its bases, the one that runs first."""
        for node in self.members(contract):
            if node["nodeType"] == "FunctionDefinition" and node["name"] == function:
                yield node

    def _written(self, function: Node) -> frozenset[int]:
        known = self._writes.get(function["id"])
        if known is not None:
            return known
        self._writes[function["id"]] = frozenset()  # while it calls itself
        found = {name for node in _below(function["body"]) for name in self._changed(node, function)}
        for called in self._called(function):
            found |= self._written(called)
        self._writes[function["id"]] = frozenset(found)
        return self._writes[function["id"]]

    def _called(self, function: Node) -> Iterator[Node]:
        """Yield the functions that a function calls: of an interface's, those of that name with a body."""
        modifiers = [each["modifierName"] for each in function.get("modifiers", ())]
        for node in (*_below(function["body"]), *modifiers):
            called = self._nodes.get(node.get("referencedDeclaration") or -1)
            if called and called["nodeType"] in ("FunctionDefinition", "ModifierDefinition"):
                yield from [called] if called.get("body") else self._functions.get(called["name"], ())

    def _changed(self, node: Node, function: Node) -> Iterator[int]:
        """Yield the state variables that an expression changes."""
        target = None
        if node["nodeType"] == "Assignment":
            target = node["leftHandSide"]
        elif node["nodeType"] == "UnaryOperation" and node["operator"] in CHANGES:
            target = node["subExpression"]
        elif node["nodeType"] == "FunctionCall" and node["expression"].get("memberName") in GROWS:
            target = node["expression"]["expression"]
        if target is not None:
            yield from self._base(target, function)

    def _base(self, target: Node, function: Node) -> Iterator[int]:
        """Yield the state variables that an expression is a part of; a local pointer is followed."""
        while target["nodeType"] in ("IndexAccess", "MemberAccess"):
            target = target["baseExpression"] if target["nodeType"] == "IndexAccess" else target["expression"]
        declared = self._nodes.get(target.get("referencedDeclaration") or -1)
        if target["nodeType"] == "FunctionCall":  # what it returns is a pointer
            yield from self._pointed_at([target])
        elif declared and declared.get("stateVariable"):
            yield declared["id"]
        elif declared and declared.get("storageLocation") == "storage":
            yield from self._pointed_at(_starts(declared, function))

    def _pointed_at(self, values: Iterable[Node], seen: frozenset[int] = frozenset()) -> Iterator[int]:
        """Yield the mappings and arrays that expressions look into, or the functions that they call."""
        for node in (each for value in values for each in _below(value)):
            declared = self._nodes.get(node.get("referencedDeclaration") or -1)
            if declared is None or declared["id"] in seen:
                continue
            if declared.get("stateVariable") and _is_many(declared):
                yield declared["id"]
            elif declared["nodeType"] == "FunctionDefinition" and declared.get("body"):
                yield from self._pointed_at([declared["body"]], seen | {declared["id"]})


def _renumbered(tree: Node, last: int) -> Node:
    """Return a tree with ids that follow ``last``."""
    for node in _below(tree) if last else ():
        for name in IDS & node.keys():
            ids = node[name]
            node[name] = [last + each for each in ids] if isinstance(ids, list) else ids and last + ids
    return tree


def _starts(pointer: Node, function: Node) -> Iterator[Node]:
    """Yield what a local pointer is at first."""
    for node in _below(function["body"]):
        is_start = node["nodeType"] == "VariableDeclarationStatement" and node.get("initialValue")
        if is_start and pointer["id"] in [each and each["id"] for each in node["declarations"]]:
            yield node["initialValue"]


def _is_many(variable: Node) -> bool:
    """Return whether a variable is a mapping or an array."""
    kind = str(variable["typeDescriptions"]["typeString"])
    return kind.startswith("mapping") or kind.endswith("]")


def _below(node: Any) -> Iterator[Node]:
    """Yield a node and all nodes in it."""
    if isinstance(node, dict):
        if "nodeType" in node:
            yield node
        for part in node.values():
            yield from _below(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _below(part)

"""The compiler's syntax tree of one source, with the text that every node stands for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

FUNCTIONS: Final = ("FunctionDefinition", "ModifierDefinition")
BLOCKS: Final = ("Block", "UncheckedBlock")


class Node:
    """A node of solc's AST. ``start`` and ``end`` are places in ``source``, in bytes of its UTF-8."""

    __slots__ = ("end", "fields", "kind", "parent", "raw", "source", "start")

    def __init__(self, raw: Mapping[str, Any], source: bytes, parent: "Node | None" = None) -> None:
        start, length, _ = map(int, raw["src"].split(":"))
        self.raw, self.source, self.parent = raw, source, parent
        self.kind: str = raw["nodeType"]
        self.start, self.end = start, start + length
        self.fields: dict[str, list[Node]] = {}
        for name, value in raw.items():
            parts = value if isinstance(value, list) else [value]
            nodes = [Node(part, source, self) for part in parts if _is_node(part)]
            if nodes:
                self.fields[name] = nodes

    @property
    def text(self) -> str:
        """Return what the node is in the source."""
        return self.source[self.start : self.end].decode()

    @property
    def place(self) -> tuple[int, int]:
        """Return line and column where it starts, counted in characters from 1."""
        before = self.source[: self.start].decode()
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    @property
    def type(self) -> str:
        """Return the type of an expression, ``""`` of anything else."""
        return str((self.raw.get("typeDescriptions") or {}).get("typeString") or "")

    @property
    def struct(self) -> str:
        """Return the name of an expression's struct, without that of its contract; ``""`` if it is none."""
        kind, _, rest = self.type.partition(" ")
        return rest.split(" ")[0].rpartition(".")[2] if kind == "struct" else ""

    @property
    def name(self) -> str:
        """Return the name of an identifier, a member or a declaration, ``""`` of anything else."""
        return str(self.raw.get("memberName") or self.raw.get("name") or "")

    @property
    def operator(self) -> str:
        """Return the operator of an operation or assignment."""
        return str(self.raw["operator"])

    def part(self, name: str) -> "Node | None":
        """Return the one node in a field, if there is one."""
        return self.fields[name][0] if name in self.fields else None

    def only(self, name: str) -> "Node":
        """Return the one node in a field that always has one."""
        return self.fields[name][0]

    def parts(self, name: str) -> list["Node"]:
        """Return the nodes in a field."""
        return self.fields.get(name, [])

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below, in the order of the source."""
        yield self
        below = [node for nodes in self.fields.values() for node in nodes]
        for node in sorted(below, key=lambda node: (node.start, -node.end)):
            yield from node.walk()

    def enclosing(self, *kinds: str) -> "Node | None":
        """Return the nearest node around this one of one of the kinds."""
        node = self.parent
        while node is not None and node.kind not in kinds:
            node = node.parent
        return node

    @property
    def function(self) -> "Node | None":
        """Return the function or modifier around this node."""
        return self.enclosing(*FUNCTIONS)

    @property
    def call(self) -> str:
        """Return the name of the function that an expression or a statement calls, ``""`` if none."""
        called = self.part("expression") if self.kind == "ExpressionStatement" else self
        if called is None or called.kind != "FunctionCall" or called.raw["kind"] != "functionCall":
            return ""
        function = called.part("expression")
        return function.name if function else ""

    def siblings_after(self) -> list["Node"]:
        """Return the statements that follow this one in its block."""
        block = self.parent
        if block is None or block.kind not in BLOCKS:
            return []
        statements = block.parts("statements")
        return statements[statements.index(self) + 1 :] if self in statements else []


def _is_node(part: Any) -> bool:
    return isinstance(part, dict) and "nodeType" in part and "src" in part

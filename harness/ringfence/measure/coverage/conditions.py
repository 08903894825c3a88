"""Which conditions a source has: the parts of ``&&``, ``||`` and ``!`` that decide, each by itself."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

Node: TypeAlias = dict[str, Any]

DECIDING: Final = ("IfStatement", "WhileStatement", "DoWhileStatement", "ForStatement", "Conditional")
JOINING: Final = ("&&", "||")
LARGEST_ID: Final = 2**31 - 1


def conditions(node: Node) -> Iterator[Node]:
    """Yield the conditions that a node decides by; what they are made of is not looked at.

    A literal can't be both, so it is none. ``assert`` states what is always so: its other way is a bug.
    """
    if node["nodeType"] in DECIDING and node.get("condition"):
        yield from _parts(node["condition"])
    elif _joins(node):
        yield from _parts(node)
    elif node["nodeType"] == "FunctionCall" and _is_require(node["expression"]):
        yield from _parts(node["arguments"][0])


def _parts(expression: Node) -> Iterator[Node]:
    kind = expression["nodeType"]
    if _joins(expression):
        yield from _parts(expression["leftExpression"])
        yield from _parts(expression["rightExpression"])
    elif kind == "UnaryOperation" and expression["operator"] == "!":
        yield from _parts(expression["subExpression"])
    elif kind == "TupleExpression":
        yield from _parts(expression["components"][0])
    elif kind != "Literal":
        yield expression


def _joins(node: Node) -> bool:
    return node["nodeType"] == "BinaryOperation" and node["operator"] in JOINING


def _is_require(called: Node) -> bool:
    """Return whether it is Solidity's own: those have negative ids, written as if they were unsigned."""
    return called.get("name") == "require" and called.get("referencedDeclaration", 0) > LARGEST_ID

"""Which conditions a source has: the parts of ``&&``, ``||`` and ``!`` that decide, each by itself."""

from collections.abc import Iterator
from typing import Final

from ringfence.measure.tree import Node

DECIDING: Final = ("IfStatement", "WhileStatement", "DoWhileStatement", "ForStatement", "Conditional")
JOINING: Final = ("&&", "||")
LARGEST_ID: Final = 2**31 - 1


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

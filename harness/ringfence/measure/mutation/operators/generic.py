"""What every tool of this kind breaks."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from ringfence.measure.mutation.operators.registry import Change, generic
from ringfence.measure.mutation.operators.statements import dropped, is_guard, moved_behind
from ringfence.measure.tree import Node

SIDES: Final = {
    "BinaryOperation": ("leftExpression", "rightExpression"),
    "Assignment": ("leftHandSide", "rightHandSide"),
}
ARITHMETIC: Final = {
    **{"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*", "<<": ">>", ">>": "<<"},
    **{"&": "|", "|": "&", "^": "|"},
    **{"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="},
}
STEPS: Final = {"++": "--", "--": "++"}
STRICTNESS: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
EQUALITY: Final = {"==": "!=", "!=": "=="}
LOGIC: Final = {"&&": "||", "||": "&&"}


def replaced(node: Node, operators: Mapping[str, str]) -> Iterator[Change]:
    """Yield the change of an operation's or an assignment's operator, where there is another for it."""
    if node.kind not in SIDES or node.operator not in operators:
        return
    left, right = (node.only(side) for side in SIDES[node.kind])
    between = node.source[left.end : right.start].decode()
    yield Change(left.end, right.start, between.replace(node.operator, operators[node.operator], 1))


@generic("arithmetic")
def arithmetic(node: Node) -> Iterator[Change]:
    """An arithmetic or bitwise operator is another one."""
    yield from replaced(node, ARITHMETIC)
    if node.kind == "UnaryOperation" and node.operator in STEPS:
        yield Change.of(node, node.text.replace(node.operator, STEPS[node.operator]))


@generic("comparison")
def comparison(node: Node) -> Iterator[Change]:
    """A comparison takes in its limit or leaves it out; equal is unequal."""
    yield from replaced(node, STRICTNESS | EQUALITY)


@generic("boolean")
def boolean(node: Node) -> Iterator[Change]:
    """And is or; a negation is gone."""
    yield from replaced(node, LOGIC)
    if node.kind == "UnaryOperation" and node.operator == "!":
        yield Change.of(node, node.only("subExpression").text)


@generic("constant")
def constant(node: Node) -> Iterator[Change]:
    """A number is one more."""
    if node.kind == "Literal" and node.raw.get("kind") == "number":
        yield Change.of(node, "1" if node.text == "0" else f"({node.text} + 1)")


@generic("condition")
def condition(node: Node) -> Iterator[Change]:
    """A condition is always true, or never."""
    if node.kind not in ("IfStatement", "Conditional", "WhileStatement") or is_guard(node):
        return
    for answer in ("true", "false") if node.kind != "WhileStatement" else ("false",):
        yield Change.of(node.only("condition"), answer)


@generic("guard")
def guard(node: Node) -> Iterator[Change]:
    """A requirement is gone."""
    if is_guard(node):
        yield dropped(node)
    if node.kind == "ModifierInvocation" and node.parent and node.parent.raw.get("kind") != "constructor":
        yield Change.of(node, "")


@generic("statement")
def statement(node: Node) -> Iterator[Change]:
    """A statement is gone."""
    if node.kind in ("ExpressionStatement", "EmitStatement"):
        yield dropped(node)


@generic("arguments")
def arguments(node: Node) -> Iterator[Change]:
    """Two neighbouring arguments of one type are swapped."""
    if node.kind != "FunctionCall" or node.raw["kind"] == "typeConversion":
        return
    given = node.parts("arguments")
    for one, other in pairwise(given):
        if one.type == other.type and one.text != other.text:
            between = node.source[one.end : other.start].decode()
            yield Change(one.start, other.end, f"{other.text}{between}{one.text}")
            return


@generic("return")
def returned(node: Node) -> Iterator[Change]:
    """A number that is returned is zero, a yes is a no."""
    value = node.part("expression")
    if node.kind != "Return" or value is None:
        return
    if value.type == "bool":
        yield Change.of(value, f"!({value.text})")
    elif value.type.startswith(("uint", "int")) and value.text != "0":
        yield Change.of(value, "0")


@generic("order")
def order(node: Node) -> Iterator[Change]:
    """A call, or an event, and the call behind it change places."""
    if node.kind == "EmitStatement" or (node.call and not is_guard(node)):
        for following in node.siblings_after()[:1]:
            if following.kind == "ExpressionStatement" and following.call and not is_guard(following):
                yield moved_behind(node, following)

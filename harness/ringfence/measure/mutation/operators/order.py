"""Steps that are left out, or come too late."""

from collections.abc import Iterator
from typing import Final

from ringfence.measure.mutation.operators.registry import Change, domain
from ringfence.measure.mutation.operators.statements import dropped, is_accrual, is_guard, moved_behind
from ringfence.measure.tree import Node

TOTALS: Final = ("Ledger", "Books")


@domain("accrual")
def accrual(node: Node) -> Iterator[Change]:
    """Carry is not brought up to date, or only after what should have seen it."""
    if is_accrual(node):
        yield dropped(node)
        uses = [each for each in node.siblings_after() if "draft" in _names(each) and not is_accrual(each)]
        yield from (moved_behind(node, each) for each in uses[:1] if each.kind != "Return")


@domain("late check")
def late_check(node: Node) -> Iterator[Change]:
    """A check comes after the effects."""
    following = node.siblings_after()
    if following and following[-1].kind == "Return":
        following = following[:-1]
    if is_guard(node) and following and not all(is_guard(each) for each in following):
        yield moved_behind(node, following[-1])


@domain("forgotten delete")
def forgotten_delete(node: Node) -> Iterator[Change]:
    """What is over is not deleted."""
    if node.kind != "ExpressionStatement":
        return
    done = node.part("expression")
    if done and done.kind == "UnaryOperation" and done.operator == "delete":
        yield dropped(node)
    if done and done.kind == "Assignment":
        value = done.part("rightHandSide")
        if value and _is_empty_struct(value):
            yield dropped(node)


def _is_empty_struct(value: Node) -> bool:
    is_struct = value.kind == "FunctionCall" and value.raw["kind"] == "structConstructorCall"
    return is_struct and all(part.text in ("0", "address(0)") for part in value.parts("arguments"))


@domain("sum")
def sum_not_updated(node: Node) -> Iterator[Change]:
    """A sum is not updated."""
    done = node.part("expression") if node.kind == "ExpressionStatement" else None
    if done is None or done.kind != "Assignment":
        return
    target = done.part("leftHandSide")
    base = target.part("expression") if target and target.kind == "MemberAccess" else None
    if done.operator in ("+=", "-=") or (base and base.struct in TOTALS):
        yield dropped(node)


def _names(node: Node) -> set[str]:
    """Return what a statement passes to a call, or calls something of; not where it only assigns."""
    calls = [
        each for each in node.walk() if each.kind == "FunctionCall" and each.raw["kind"] == "functionCall"
    ]
    return {name.name for call in calls for name in call.walk() if name.kind == "Identifier"}

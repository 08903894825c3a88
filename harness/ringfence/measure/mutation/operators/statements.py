"""What operators ask about statements."""

from typing import Final

from ringfence.measure.mutation.operators.registry import Change
from ringfence.measure.tree import Node

ACCRUALS: Final = ("_accrue", "accrue", "settle")
REFUSALS: Final = ("RevertStatement",)


def is_guard(node: Node) -> bool:
    """Return whether a statement only refuses: ``if (...) revert``, ``require``, ``_check...()``."""
    if node.kind == "IfStatement":
        return "falseBody" not in node.fields and _only_refuses(node.part("trueBody"))
    return node.kind == "ExpressionStatement" and node.call.lstrip("_").startswith(("check", "require"))


def is_accrual(node: Node) -> bool:
    """Return whether a statement brings carry up to date."""
    return node.kind == "ExpressionStatement" and node.call in ACCRUALS


def dropped(node: Node) -> Change:
    """Return the change that leaves a statement out; nothing else may rely on there being one."""
    is_in_block = node.parent is not None and node.parent.kind in ("Block", "UncheckedBlock")
    end = node.end + _semicolon(node)
    return Change(node.start, end, "" if is_in_block else "{}")


def moved_behind(node: Node, last: Node) -> Change:
    """Return the change that puts a statement behind a later one of its block."""
    end = node.end + _semicolon(node)
    last_end = last.end + _semicolon(last)
    between = node.source[end:last_end].decode().strip()
    return Change(node.start, last_end, f"{between} {node.source[node.start : end].decode()}")


def _semicolon(node: Node) -> int:
    """Return how many bytes behind a statement belong to it: solc counts no semicolon."""
    rest = node.source[node.end :]
    stripped = rest.lstrip()
    return len(rest) - len(stripped) + 1 if stripped.startswith(b";") else 0


def _only_refuses(body: Node | None) -> bool:
    if body is None:
        return False
    statements = body.parts("statements") if body.kind == "Block" else [body]
    return len(statements) == 1 and (statements[0].kind in REFUSALS or statements[0].call == "revert")

"""Amounts that are nearly right: roundings, units, limits, decimals."""

import re
from collections.abc import Iterator
from typing import Final

from ringfence.measure.mutation.operators.generic import STRICTNESS, replaced
from ringfence.measure.mutation.operators.registry import Change, domain
from ringfence.measure.tree import Node

OTHER_WAY: Final = {"mulDivUp": "mulDivDown", "floorDiv": "ceilDiv", "Ceil": "Floor", "cost": "value"}
OTHER_WAYS: Final = OTHER_WAY | {there: here for here, there in OTHER_WAY.items()}
CAPS: Final = ("min", "max")
MONEY: Final = re.compile(  # how names of amounts end
    "(assets|balance|carryowed|cost|covered|deficit|equity|excess|fee|free|guarded|held|"
    "insurance|kept|loss|margin|notional|nav|owed|paid|payout|pnl|profit|realised|"
    "required|reserved|reward|shares|value|worth|minimum|unlocked)$"
)


def is_money(node: Node) -> bool:
    """Return whether a name says that it is an amount."""
    return bool(MONEY.search(node.name.casefold().strip("_")))


@domain("rounding")
def rounding(node: Node) -> Iterator[Change]:
    """A division rounds the other way."""
    if node.kind == "MemberAccess" and node.name in OTHER_WAYS:
        is_rounding = node.type.startswith("enum ") or _is_called(node)
        is_of_openzeppelin = node.text.startswith("Math.") and not node.type.startswith("enum ")
        if is_rounding and not is_of_openzeppelin:
            yield Change.of_name(node, OTHER_WAYS)
    if node.kind == "Identifier" and node.name in OTHER_WAYS and _is_called(node):
        yield Change.of_name(node, OTHER_WAYS)
    if node.kind == "FunctionCall" and node.call in ("divUp", "ceilDiv"):
        yield from _divided(node)


def _divided(node: Node) -> Iterator[Change]:
    """Yield Solidity's own division in place of one that rounds up."""
    called, given = node.only("expression"), node.parts("arguments")
    if called.text == "Math.ceilDiv":
        yield Change.of(node, f"(({given[0].text}) / ({given[1].text}))")
    elif node.call == "divUp" and (divided := called.part("expression")):
        yield Change.of(node, f"({divided.text} / ({given[0].text}))")


@domain("unit")
def unit(node: Node) -> Iterator[Change]:
    """An amount is one unit more; a unit that was added or taken off is not."""
    if node.kind == "BinaryOperation" and node.operator in "+-" and node.only("rightExpression").text == "1":
        yield Change.of(node, node.only("leftExpression").text)
    if node.kind == "VariableDeclarationStatement":
        declared, value = node.parts("declarations"), node.part("initialValue")
        if len(declared) == 1 and value and is_money(declared[0]) and _is_computed(value):
            yield Change(value.end, value.end, " + 1")
    if node.kind == "Assignment" and node.operator == "=":
        target, value = node.only("leftHandSide"), node.only("rightHandSide")
        if is_money(target) and _is_computed(value):
            yield Change(value.end, value.end, " + 1")


@domain("margin check")
def margin_check(node: Node) -> Iterator[Change]:
    """A comparison of amounts takes in its limit, or leaves it out."""
    for change in replaced(node, STRICTNESS):
        if any(map(is_money, node.walk())):
            yield change


@domain("cap")
def cap(node: Node) -> Iterator[Change]:
    """A limit from above or below is not kept."""
    if node.kind != "FunctionCall" or not node.call:
        return
    given = node.parts("arguments")
    if node.call in CAPS and len(given) == 2:
        yield from (Change.of(node, f"({one.text})") for one in given)
    if node.call == "saturatingSub" and len(given) == 2:
        yield Change.of(node, f"({given[0].text} - {given[1].text})")


@domain("decimals")
def decimals(node: Node) -> Iterator[Change]:
    """A scale is another one: parts per million for 18 decimals, or ten times as much."""
    scales = {"PPM": "1e18", "WAD": "1e6"}
    if node.kind == "Identifier" and node.name in scales:
        yield Change.of(node, scales[node.name])
    is_scale = node.name == "scale" if node.kind == "MemberAccess" else node.name == "_SCALE"
    if node.kind in ("MemberAccess", "Identifier") and is_scale and not node.raw.get("lValueRequested"):
        yield Change.of(node, f"({node.text} * 10)")


def _is_called(node: Node) -> bool:
    return (
        node.parent is not None
        and node.parent.kind == "FunctionCall"
        and node.parent.part("expression") is node
    )


def _is_computed(value: Node) -> bool:
    """Return whether a value is worked out, and not only passed on."""
    return value.type in ("uint256", "int256") and value.kind in ("FunctionCall", "BinaryOperation")

"""The right amount in the wrong place: another side, position, account or fund."""

from collections.abc import Iterator
from typing import Final

from ringfence.measure.mutation.operators.registry import Change, domain
from ringfence.measure.tree import Node

SIDES: Final = {"longSize": "shortSize", "carryLong": "carryShort"}
OTHER_SIDE: Final = SIDES | {there: here for here, there in SIDES.items()}
FUNDS: Final = {
    "poolFee": "insuranceFee",
    "rewardFromMargin": "rewardFromInsurance",
    "toInsurance": "toClaimable",
    "covered": "poolLoss",
    "owed": "claimable",
    "paid": "deficit",
}
OTHER_FUND: Final = FUNDS | {there: here for here, there in FUNDS.items()}
ACCOUNTS: Final = {
    "msg.sender": ("owner", "account", "to"),
    "owner": ("msg.sender",),
    "account": ("msg.sender",),
}
OPPOSITE: Final = {"<": ">", ">": "<"}
SWAP_FIRST_TWO: Final = " ^ 3"  # id 1 is 2, and 2 is 1


@domain("sign")
def sign(node: Node) -> Iterator[Change]:
    """A side has the other sign."""
    if node.kind == "BinaryOperation" and node.operator in OPPOSITE:
        left, right = node.only("leftExpression"), node.only("rightExpression")
        if left.type.startswith("int") and right.text == "0":
            yield Change.of(node, f"{left.text} {OPPOSITE[node.operator]} 0")
    if node.kind == "UnaryOperation" and node.operator == "-" and node.type.startswith("int"):
        operand = node.only("subExpression")
        if operand.kind != "Literal":
            yield Change.of(node, operand.text)
    if node.call == "withSignOf" and node.kind == "FunctionCall":
        direction = node.parts("arguments")[-1]
        yield Change.of(direction, f"-{direction.text}")


@domain("side")
def side(node: Node) -> Iterator[Change]:
    """One side's size or index is the other's."""
    if node.kind == "MemberAccess" and node.name in OTHER_SIDE:
        yield Change.of_name(node, OTHER_SIDE)


@domain("identity")
def identity(node: Node) -> Iterator[Change]:
    """A position is another one, an account another one."""
    if node.kind == "IndexAccess":
        index = node.part("indexExpression")
        if index and index.name == "id":
            yield Change.of(index, f"id{SWAP_FIRST_TWO}")
        elif index and index.text in ACCOUNTS:
            yield from (Change.of(index, other) for other in _declared(node, ACCOUNTS[index.text])[:1])
    if node.kind == "FunctionCall" and node.raw["kind"] == "functionCall":
        for given in node.parts("arguments"):
            if given.kind == "Identifier" and given.name == "id" and given.type == "uint256":
                yield Change.of(given, f"id{SWAP_FIRST_TWO}")
            elif given.text in ACCOUNTS:
                yield from (Change.of(given, other) for other in _declared(node, ACCOUNTS[given.text])[:1])


def _declared(node: Node, names: tuple[str, ...]) -> list[str]:
    """Return those of the names that stand for an address where the node is."""
    known = {each.name for each in _variables(node) if each.type == "address"}
    return [name for name in names if name in known or (name == "msg.sender" and node.function)]


def _variables(node: Node) -> list[Node]:
    """Return the variables that are declared before a node in its function."""
    function = node.function
    walked = function.walk() if function else ()
    return [each for each in walked if each.kind == "VariableDeclaration" and each.start < node.start]


@domain("margin and pool")
def margin_and_pool(node: Node) -> Iterator[Change]:
    """A position's margin is taken for the pool's money, or the pool's for a margin."""
    if node.kind != "MemberAccess" or node.raw.get("lValueRequested"):
        return
    base = node.part("expression")
    if base and node.name == "poolBalance" and base.struct == "Draft":
        yield Change.of(node, f"uint256({base.text}.position.margin)")
    if base and node.name == "margin" and base.struct == "Position":
        drafts = (each.name for each in _variables(node) if each.struct == "Draft")
        if "draft" in drafts:
            yield Change.of(node, "uint128(draft.poolBalance)")


@domain("fund")
def fund(node: Node) -> Iterator[Change]:
    """What belongs to one fund goes to another."""
    if node.name not in OTHER_FUND:
        return
    is_variable = node.kind == "Identifier" and "function" not in node.type
    if node.kind == "MemberAccess" or (is_variable and _has(node, OTHER_FUND[node.name])):
        yield Change.of_name(node, OTHER_FUND)


def _has(node: Node, name: str) -> bool:
    """Return whether a variable of that name is known where the node is."""
    function, contract = node.function, node.enclosing("ContractDefinition")
    declared = [*(function.walk() if function else ()), *(contract.parts("nodes") if contract else ())]
    return any(each.kind == "VariableDeclaration" and each.name == name for each in declared)

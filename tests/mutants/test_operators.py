"""Every operator makes exactly the changes that it says, each of which the compiler takes."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from ringfence.measure.mutation.mutant import mutants_of
from ringfence.measure.mutation.operators import BY_NAME
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import syntax_trees

AROUND = """\
pragma solidity 0.8.30;
library Math {
    enum Rounding { Floor, Ceil }
    function min(uint256 x, uint256 y) internal pure returns (uint256) { return x < y ? x : y; }
    function saturatingSub(uint256 x, uint256 y) internal pure returns (uint256) {
        return x > y ? x - y : 0;
    }
    function ceilDiv(uint256 x, uint256 y) internal pure returns (uint256) { return (x + y - 1) / y; }
    function mulDiv(uint256 x, uint256 y, uint256 z, Rounding) internal pure returns (uint256) {
        return (x * y) / z;
    }
}
library FixedPoint {
    function mulDivUp(uint256 x, uint256 y, uint256 z) internal pure returns (uint256) {
        return (x * y) / z;
    }
    function mulDivDown(uint256 x, uint256 y, uint256 z) internal pure returns (uint256) {
        return (x * y) / z;
    }
    function divUp(uint256 x, uint256 y) internal pure returns (uint256) { return x / y; }
    function withSignOf(uint256 x, int256 y) internal pure returns (int256) {
        return y < 0 ? -int256(x) : int256(x);
    }
}
contract Small {
    using FixedPoint for uint256;
    error TooLittle(uint256 margin);
    event Seen(uint256 id);
    struct Position { address owner; uint128 margin; }
    struct Ledger {
        uint256 longSize; uint256 shortSize; int256 carryLong; int256 carryShort; uint256 total;
    }
    struct Draft { Position position; Ledger ledger; uint256 poolBalance; uint256 scale; }
    uint256 constant PPM = 1e6;
    mapping(uint256 id => Position) internal _positions;
    mapping(address => uint256) public claimable;
    mapping(address => uint256) public owed;
    uint256 internal x; uint256 internal y; int256 internal size; bool internal yes; bool internal no;
    uint256 internal margin; uint256 internal fee; uint256 internal required;
    modifier locked() { _; }
    function _accrue(Draft memory draft) internal { draft.ledger.total = 1; x = 1; }
    function _checkMargin(uint256 amount) internal view { if (amount < margin) revert TooLittle(amount); }
    function _trade(Draft memory draft) internal { x = draft.poolBalance; }
    function _pay(address to, uint256 assets) internal { owed[to] = assets; }
    function _store(uint256 id, uint256 assets) internal { _positions[id].margin = uint128(assets); }
    function f(uint256 id, address owner, Draft memory draft) external locked returns (uint256 result) {
        /*case*/ CASE /*case*/
    }
}
"""
CASES = [
    ("arithmetic", "x = x + y * 2;", ["x = x + y / 2;", "x = x - y * 2;"]),
    ("arithmetic", "x += y; x++;", ["x += y; x--;", "x -= y; x++;"]),
    ("comparison", "yes = x < y; no = x == y;", ["yes = x < y; no = x != y;", "yes = x <= y; no = x == y;"]),
    ("boolean", "yes = yes && !no;", ["yes = yes && no;", "yes = yes || !no;"]),
    ("constant", "x = 7; y = 0;", ["x = (7 + 1); y = 0;", "x = 7; y = 1;"]),
    ("condition", "if (yes) x = 1;", ["if (false) x = 1;", "if (true) x = 1;"]),
    ("condition", "if (yes) revert();", []),
    ("condition", "while (x < y) x = y;", ["while (false) x = y;"]),
    ("guard", "if (x < y) revert TooLittle(x); x = 1;", ["x = 1;"]),
    ("guard", "require(x > 1); _checkMargin(x);", ["_checkMargin(x);", "require(x > 1);"]),
    ("guard", "if (x < y) x = y;", []),
    ("statement", "x = 1; emit Seen(x);", ["emit Seen(x);", "x = 1;"]),
    ("statement", "if (yes) x = 1; else x = 2;", ["if (yes) x = 1; else {}", "if (yes) {} else x = 2;"]),
    ("arguments", "x = Math.min(x, y); _pay(owner, x);", ["x = Math.min(y, x); _pay(owner, x);"]),
    ("return", "return x + y;", ["return 0;"]),
    ("order", "_pay(owner, x); _store(id, x);", ["_store(id, x); _pay(owner, x);"]),
    ("order", "emit Seen(x); _store(id, x);", ["_store(id, x); emit Seen(x);"]),
    ("rounding", "x = x.mulDivUp(y, 3);", ["x = x.mulDivDown(y, 3);"]),
    ("rounding", "x = x.divUp(y);", ["x = (x / (y));"]),
    ("rounding", "x = Math.ceilDiv(x, y);", ["x = ((x) / (y));"]),
    (
        "rounding",
        "x = Math.mulDiv(x, y, 3, Math.Rounding.Ceil);",
        ["x = Math.mulDiv(x, y, 3, Math.Rounding.Floor);"],
    ),
    ("unit", "fee = x + y;", ["fee = x + y + 1;"]),
    ("unit", "x = y - 1;", ["x = y;"]),
    ("unit", "x = y; fee = y;", []),
    ("margin check", "yes = margin < required; no = x < y;", ["yes = margin <= required; no = x < y;"]),
    ("cap", "x = Math.min(x, fee);", ["x = (fee);", "x = (x);"]),
    ("cap", "x = Math.saturatingSub(x, y);", ["x = (x - y);"]),
    ("decimals", "x = y / PPM;", ["x = y / 1e18;"]),
    ("decimals", "x = y / draft.scale;", ["x = y / (draft.scale * 10);"]),
    ("sign", "yes = size > 0;", ["yes = size < 0;"]),
    ("sign", "size = -size;", ["size = size;"]),
    ("sign", "size = x.withSignOf(size);", ["size = x.withSignOf(-size);"]),
    ("side", "x = draft.ledger.longSize;", ["x = draft.ledger.shortSize;"]),
    ("side", "size = draft.ledger.carryShort;", ["size = draft.ledger.carryLong;"]),
    ("identity", "delete _positions[id];", ["delete _positions[id ^ 3];"]),
    ("identity", "_store(id, x);", ["_store(id ^ 3, x);"]),
    ("identity", "claimable[owner] = x;", ["claimable[msg.sender] = x;"]),
    ("identity", "_pay(msg.sender, x);", ["_pay(owner, x);"]),
    ("margin and pool", "x = draft.poolBalance;", ["x = uint256(draft.position.margin);"]),
    ("margin and pool", "x = draft.position.margin;", ["x = uint128(draft.poolBalance);"]),
    ("fund", "owed[owner] = x;", ["claimable[owner] = x;"]),
    ("accrual", "_accrue(draft); _trade(draft);", ["_trade(draft);", "_trade(draft); _accrue(draft);"]),
    (
        "late check",
        "_checkMargin(x); x = y; emit Seen(x); return x;",
        ["x = y; emit Seen(x); _checkMargin(x); return x;"],
    ),
    (
        "late check",
        "if (x < y) revert TooLittle(x); _checkMargin(x); x = y;",
        [
            "_checkMargin(x); x = y; if (x < y) revert TooLittle(x);",
            "if (x < y) revert TooLittle(x); x = y; _checkMargin(x);",
        ],
    ),
    ("forgotten delete", "delete _positions[id]; x = 1;", ["x = 1;"]),
    ("forgotten delete", "draft.position = Position(address(0), 0);", [""]),
    ("sum", "x += y; y = 1;", ["y = 1;"]),
    ("sum", "draft.ledger.total = 1;", [""]),
]


def sources_of(every: Iterable[str]) -> dict[str, str]:
    """Return a source for each of some statements, which is called as they are."""
    return {statements: AROUND.replace("CASE", statements) for statements in every}


@pytest.fixture(scope="module")
def trees() -> Mapping[str, Any]:
    """Return the syntax trees of all cases, compiled at once."""
    return syntax_trees(sources_of(statements for _, statements, _ in CASES))


@pytest.mark.parametrize(("operator", "statements", "expected"), CASES)
def test_operator__on_a_few_statements__makes_exactly_these(
    operator: str, statements: str, expected: list[str], trees: Mapping[str, Any]
) -> None:
    made = mutants_of(sources_of([statements]), {statements: trees[statements]}, [BY_NAME[operator]])
    changed = [mutant.text.split("/*case*/") for mutant in made]
    bodies = [" ".join(parts[1].split()) for parts in changed if len(parts) == 3]
    assert sorted(body for body in bodies if body != statements) == sorted(expected)


def test_mutants__of_every_operator__compile() -> None:
    """Every operator has a case, and leaves Solidity behind, so that few mutants are invalid."""
    assert {operator for operator, _, _ in CASES} == BY_NAME.keys()
    syntax_trees(sources_of({statements for _, _, expected in CASES for statements in expected}))

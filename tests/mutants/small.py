"""A small contract for operators to work on: what is around the statements of a case."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from ringfence.measure.mutation.mutant import mutants_of
from ringfence.measure.mutation.operators import BY_NAME

AROUND = """\
pragma solidity 0.8.30;
library Math {{
    enum Rounding {{ Floor, Ceil }}
    function min(uint256 x, uint256 y) internal pure returns (uint256) {{ return x < y ? x : y; }}
    function saturatingSub(uint256 x, uint256 y) internal pure returns (uint256) {{
        return x > y ? x - y : 0;
    }}
    function ceilDiv(uint256 x, uint256 y) internal pure returns (uint256) {{ return (x + y - 1) / y; }}
    function mulDiv(uint256 x, uint256 y, uint256 z, Rounding) internal pure returns (uint256) {{
        return (x * y) / z;
    }}
}}
library FixedPoint {{
    function mulDivUp(uint256 x, uint256 y, uint256 z) internal pure returns (uint256) {{
        return (x * y) / z;
    }}
    function mulDivDown(uint256 x, uint256 y, uint256 z) internal pure returns (uint256) {{
        return (x * y) / z;
    }}
    function divUp(uint256 x, uint256 y) internal pure returns (uint256) {{ return x / y; }}
    function withSignOf(uint256 x, int256 y) internal pure returns (int256) {{
        return y < 0 ? -int256(x) : int256(x);
    }}
}}
contract Small {{
    using FixedPoint for uint256;
    error TooLittle(uint256 margin);
    event Seen(uint256 id);
    struct Position {{ address owner; uint128 margin; }}
    struct Ledger {{
        uint256 longSize; uint256 shortSize; int256 carryLong; int256 carryShort; uint256 total;
    }}
    struct Draft {{ Position position; Ledger ledger; uint256 poolBalance; uint256 scale; }}
    uint256 constant PPM = 1e6;
    mapping(uint256 id => Position) internal _positions;
    mapping(address => uint256) public claimable;
    mapping(address => uint256) public owed;
    uint256 internal x; uint256 internal y; int256 internal size; bool internal yes; bool internal no;
    uint256 internal margin; uint256 internal fee; uint256 internal required;
    modifier locked() {{ _; }}
    function _accrue(Draft memory draft) internal {{ draft.ledger.total = 1; x = 1; }}
    function _checkMargin(uint256 amount) internal view {{ if (amount < margin) revert TooLittle(amount); }}
    function _trade(Draft memory draft) internal {{ x = draft.poolBalance; }}
    function _pay(address to, uint256 assets) internal {{ owed[to] = assets; }}
    function _store(uint256 id, uint256 assets) internal {{ _positions[id].margin = uint128(assets); }}
    function f(uint256 id, address owner, Draft memory draft) external locked returns (uint256 result) {{
        /*case*/ {statements} /*case*/
    }}
}}
"""


def sources_of(every: Iterable[str]) -> dict[str, str]:
    """Return a source for each of some statements, by a name of its own."""
    return {name_of(statements): AROUND.format(statements=statements) for statements in every}


def name_of(statements: str) -> str:
    """Return the name of the source that the statements are in."""
    return f"{sha256(statements.encode()).hexdigest()[:8]}.sol"


def made_of(operator: str, statements: str, trees: Mapping[str, Any]) -> list[str]:
    """Return what an operator makes of the statements, and of nothing around them."""
    name = name_of(statements)
    mutants = mutants_of(sources_of([statements]), {name: trees[name]}, [BY_NAME[operator]])
    changed = [mutant.text.split("/*case*/") for mutant in mutants]
    bodies = [" ".join(parts[1].split()) for parts in changed if len(parts) == 3]
    return sorted(body for body in bodies if body != statements)

"""How a source tells that it was there: it asks for the balance of an account that nobody has.

A mark must be seen in a call that was reverted, in a view, and in a ``pure`` function. Logs, storage and
transient storage are undone with the call. What a chain in process has looked up in its database stays looked
up, so each point has an account of its own, and what was asked for is what was reached.
"""

from typing import Final

from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain

FILE: Final = "RingfenceMarks.sol"
LIBRARY: Final = "RingfenceMarks"
PREFIX: Final = b"ringfence marks ".hex()  # of the accounts' addresses; the point's number follows
NUMBER: Final = 8  # hex digits

SOLIDITY: Final = f"""// SPDX-License-Identifier: MIT
pragma solidity >=0.8.0;

library {LIBRARY} {{
    function hit(uint256 point) internal pure {{
        _asPure(_ask)(point);
    }}

    function yes(uint256 point) internal pure returns (bool) {{
        _asPure(_ask)(point);
        return true;
    }}

    function no(uint256 point) internal pure returns (bool) {{
        _asPure(_ask)(point);
        return false;
    }}

    function _asPure(
        function(uint256) internal view ask
    ) private pure returns (function(uint256) internal pure same) {{
        /// @solidity memory-safe-assembly
        assembly {{
            same := ask
        }}
    }}

    // The answer is used, or an optimiser would not ask.
    function _ask(uint256 point) private view {{
        /// @solidity memory-safe-assembly
        assembly {{
            if eq(balance(add(0x{PREFIX}{"0" * NUMBER}, point)), not(0)) {{
                invalid()
            }}
        }}
    }}
}}
"""


def hit(point: int) -> str:
    """Return the statement that marks a point."""
    return f"{LIBRARY}.hit({point});"


def condition(yes: int, no: int) -> tuple[str, str]:
    """Return what goes before and after a condition to mark its ways; it is evaluated first, and once."""
    return "((", f") && {LIBRARY}.yes({yes}) || {LIBRARY}.no({no}))"


def hits_of(chain: Chain) -> frozenset[int]:
    """Return the numbers of the points that calls on a chain of this process have reached."""
    assert isinstance(chain, RevmChain)
    start = f"0x{PREFIX}"
    return frozenset(int(each[-NUMBER:], 16) for each in chain.asked_for() if each.lower().startswith(start))

"""forge-std's assertions hold and fail in the harness' EVM as they do in forge."""

from typing import Any

import pytest
from eth_abi import encode
from eth_utils.crypto import keccak
from ringfence.evm.chains import connect
from ringfence.evm.chains.base import Reverted
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.cheatcodes import ADDRESS, provide
from ringfence.types.roles import addresses

SENDER = next(iter(addresses().values()))
LOWEST, WAD = -(2**255), 10**18
HOLD: list[tuple[str, tuple[Any, ...]]] = [
    ("assertTrue(bool)", (True,)),
    ("assertFalse(bool,string)", (False, "why")),
    ("assertEq(uint256,uint256)", (7, 7)),
    ("assertEq(int256,int256,string)", (-7, -7, "why")),
    ("assertEq(string,string)", ("a" * 40, "a" * 40)),
    ("assertEq(bytes,bytes,string)", (b"", b"", "why")),
    ("assertEq(uint256[],uint256[])", ([1, 2, 3], [1, 2, 3])),
    ("assertNotEq(bool,bool)", (True, False)),
    ("assertNotEq(uint256[],uint256[])", ([1, 2, 3], [1, 2])),
    ("assertLt(int256,int256)", (-1, 0)),
    ("assertGt(uint256,uint256)", (2**255, 1)),
    ("assertLe(uint256,uint256)", (5, 5)),
    ("assertGe(int256,int256)", (5, LOWEST)),
    ("assertEqDecimal(uint256,uint256,uint256)", (5, 5, 18)),
    ("assertGeDecimal(int256,int256,uint256,string)", (5, -5, 18, "why")),
    ("assertApproxEqAbs(uint256,uint256,uint256)", (5, 8, 3)),
    ("assertApproxEqAbs(int256,int256,uint256)", (-5, 5, 10)),
    ("assertApproxEqRel(uint256,uint256,uint256)", (101, 100, WAD // 100)),
    ("assertApproxEqRel(uint256,uint256,uint256)", (0, 0, 0)),
    ("assume(bool)", (True,)),
]
FAIL: list[tuple[str, tuple[Any, ...]]] = [
    ("assertTrue(bool)", (False,)),
    ("assertEq(uint256,uint256)", (7, 8)),
    ("assertEq(string,string)", ("a" * 40, "a" * 39 + "b")),
    ("assertEq(address,address)", (SENDER, ADDRESS)),
    ("assertNotEq(bytes32,bytes32)", (b"x", b"x")),
    ("assertLt(int256,int256)", (0, -1)),
    ("assertLt(uint256,uint256)", (5, 5)),
    ("assertGt(uint256,uint256)", (1, 2**255)),
    ("assertLe(int256,int256)", (1, -1)),
    ("assertGe(uint256,uint256)", (4, 5)),
    ("assertApproxEqAbs(uint256,uint256,uint256)", (8, 5, 2)),
    ("assertApproxEqAbs(int256,int256,uint256)", (-5, 5, 9)),
    ("assertApproxEqRel(uint256,uint256,uint256)", (102, 100, WAD // 100)),
    ("assertApproxEqRel(uint256,uint256,uint256)", (1, 0, 2**255)),
    ("assume(bool)", (False,)),
    ("prank(address)", (SENDER,)),
]


def asked(signature: str, args: tuple[Any, ...], chain: Any = None) -> bytes:
    """Call a cheatcode; raises Reverted."""
    if chain is None:
        chain = RevmChain()
        provide(chain)
    kinds = signature.partition("(")[2].removesuffix(")").split(",")
    data = keccak(text=signature)[:4] + encode(kinds, args)
    answer: bytes = chain.call(ADDRESS, data, SENDER)
    return answer


@pytest.mark.parametrize(("signature", "args"), HOLD)
def test_assertion__that_holds__returns(signature: str, args: tuple[Any, ...]) -> None:
    assert asked(signature, args) == b""


@pytest.mark.parametrize(("signature", "args"), FAIL)
def test_assertion__that_fails__reverts(signature: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(Reverted) as refusal:
        asked(signature, args)
    said = b"assertion failed" if signature.startswith("as") else b"this cheatcode is not there"
    assert said in refusal.value.output


def test_load__of_failed__is_nothing() -> None:
    assert asked("load(address,bytes32)", (ADDRESS, b"failed")) == bytes(32)


def test_assertions__on_anvil__are_there() -> None:
    with connect("anvil") as chain:
        provide(chain)
        assert asked(*HOLD[2], chain) == b""
        with pytest.raises(Reverted):
            asked(*FAIL[1], chain)

"""Foundry's cheatcodes for assertions, as a contract at the address where tests call them.

forge-std asserts by calls of that address: ``vm.assertEq(left, right)``. Where nobody is, each would revert,
and so would each invariant that asserts. ``failed()`` of forge-std asks ``load``. Other cheatcodes revert.
"""

from collections.abc import Iterator
from typing import Final

from ringfence.evm.abi.interface import hash_of
from ringfence.evm.chains.anvil import AnvilChain
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain

ADDRESS: Final = "0x7109709ecfa91a80626ff3989d68f67f5b1dd12d"
OPCODES: Final = {
    name: bytes([code])
    for name, code in {
        "STOP": 0x00, "ADD": 0x01, "MUL": 0x02, "SUB": 0x03, "DIV": 0x04, "LT": 0x10, "GT": 0x11, "SLT": 0x12,
        "SGT": 0x13, "EQ": 0x14, "ISZERO": 0x15, "AND": 0x16, "OR": 0x17, "SHL": 0x1B, "SHR": 0x1C,
        "KECCAK256": 0x20, "CALLDATALOAD": 0x35, "CALLDATACOPY": 0x37, "MSTORE": 0x52, "SLOAD": 0x54,
        "JUMP": 0x56, "JUMPI": 0x57, "JUMPDEST": 0x5B, "DUP1": 0x80, "DUP2": 0x81, "SWAP1": 0x90,
        "RETURN": 0xF3, "REVERT": 0xFD,
    }.items()
}  # fmt: skip
LEFT, RIGHT, MOST = "4 CALLDATALOAD", "36 CALLDATALOAD", "68 CALLDATALOAD"
BOTH: Final = f"{RIGHT} {LEFT}"
WORDS: Final = ("uint256", "int256", "address", "bytes32", "bool")
NUMBERS: Final = {"uint256": "", "int256": "S"}  # the prefix of the comparing opcode
SCALE: Final = 10**18  # of the relative difference


def provide(chain: Chain) -> None:
    """Put the assertions on a new chain, where code can be put."""
    if isinstance(chain, RevmChain | AnvilChain):
        chain.place(ADDRESS, code())


def code() -> bytes:
    """Return the contract's code: a comparison of the selector for each function, then what they do."""
    table = dict(_functions())
    bodies = list(dict.fromkeys(table.values()))
    dispatch = "0 CALLDATALOAD 224 SHR " + " ".join(
        f"DUP1 {int.from_bytes(hash_of(name)[:4])} EQ @{bodies.index(body)} JUMPI"
        for name, body in table.items()
    )
    parts = [f"{dispatch} {_refusal('this cheatcode is not there')}"]
    parts += [f":{at} {body}" for at, body in enumerate(bodies)]
    parts += [f":holds ISZERO @fails JUMPI STOP :fails {_refusal('assertion failed')}"]
    return assembled(" ".join(parts))


def assembled(text: str) -> bytes:
    """Return the code of opcodes, decimal numbers to push, labels ``:name`` and their addresses ``@name``."""
    code, labels, jumps = b"", {}, {}
    for word in text.split():
        if word.startswith(":"):
            labels[word[1:]] = len(code)
            code += OPCODES["JUMPDEST"]
        elif word.startswith("@"):
            jumps[len(code) + 1] = word[1:]
            code += b"\x61\0\0"  # PUSH2
        elif word.isdigit():
            content = int(word).to_bytes(max(1, (int(word).bit_length() + 7) // 8))
            code += bytes([0x5F + len(content)]) + content
        else:
            code += OPCODES[word]
    for at, name in jumps.items():
        code = code[:at] + labels[name].to_bytes(2) + code[at + 2 :]
    return code


def _functions() -> Iterator[tuple[str, str]]:
    """Yield each function's signature, and the opcodes that leave whether it holds, or end."""
    yield "load(address,bytes32)", f"{RIGHT} SLOAD 0 MSTORE 32 0 RETURN"
    for name, arguments, test in _assertions():
        body = f"{test} @holds JUMP"
        yield f"{name}({arguments})", body
        yield f"{name}({arguments},string)", body
    yield "assume(bool)", f"{LEFT} @holds JUMP"


def _assertions() -> Iterator[tuple[str, str, str]]:
    """Yield the name, the parameters and the test of each assertion."""
    yield from (("assertTrue", "bool", LEFT), ("assertFalse", "bool", f"{LEFT} ISZERO"))
    content = {"string": "0 SHL", "bytes": "0 SHL"} | {f"{word}[]": "5 SHL" for word in WORDS}
    same = dict.fromkeys(WORDS, f"{BOTH} EQ")
    same |= {kind: f"{_hashed(36, size)} {_hashed(4, size)} EQ" for kind, size in content.items()}
    for kind, test in same.items():
        yield "assertEq", f"{kind},{kind}", test
        yield "assertNotEq", f"{kind},{kind}", f"{test} ISZERO"
    for kind, sign in NUMBERS.items():
        less, more = f"{BOTH} {sign}LT", f"{BOTH} {sign}GT"
        tests = {"Lt": less, "Gt": more, "Le": f"{more} ISZERO", "Ge": f"{less} ISZERO"}
        for name, test in tests.items():
            yield f"assert{name}", f"{kind},{kind}", test
        for name, test in (tests | {"Eq": same[kind], "NotEq": f"{same[kind]} ISZERO"}).items():
            yield f"assert{name}Decimal", f"{kind},{kind},uint256", test
        yield from _approximate(kind, more)


def _approximate(kind: str, more: str) -> Iterator[tuple[str, str, str]]:
    """Yield the assertions on a difference; the relative one is rounded down, and of 0 only 0 is near."""
    apart = f"{RIGHT} {LEFT} SUB {more} MUL {LEFT} {RIGHT} SUB {more} ISZERO MUL ADD"
    tests = {"Abs": f"{MOST} {apart} GT ISZERO"}
    if kind == "uint256":
        near = f"{MOST} {RIGHT} {apart} {SCALE} MUL DIV GT ISZERO"
        tests["Rel"] = f"{RIGHT} ISZERO {LEFT} ISZERO AND {near} {RIGHT} ISZERO ISZERO AND OR"
    for name, test in tests.items():
        yield f"assertApproxEq{name}", f"{kind},{kind},uint256", test
        yield f"assertApproxEq{name}Decimal", f"{kind},{kind},uint256,uint256", test


def _hashed(place: int, scaled: str) -> str:
    """Return the opcodes that hash the content of an argument of any length, whose offset is at a place."""
    start = f"{place} CALLDATALOAD 4 ADD DUP1 CALLDATALOAD {scaled} SWAP1 32 ADD"
    return f"{start} DUP2 SWAP1 0 CALLDATACOPY 0 KECCAK256"


def _refusal(reason: str) -> str:
    """Return the opcodes that revert with a reason of at most 32 bytes, as ``require`` does."""
    words = {
        0: int.from_bytes(hash_of("Error(string)")[:4]) << 224,
        4: 32,
        36: len(reason),
        68: int.from_bytes(reason.encode().ljust(32, b"\0")),
    }
    return " ".join([*(f"{word} {at} MSTORE" for at, word in words.items()), "100 0 REVERT"])

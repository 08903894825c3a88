"""Arithmetic of 256-bit words, as functions and as the text of Python expressions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from eth_utils.crypto import keccak

MASK: Final = 2**256 - 1
SIGN: Final = 2**255
REMEMBERED: Final = 2**16  # hashes: the slots of mappings


@dataclass(frozen=True, slots=True)
class Operation:
    """An opcode that only computes: how many words it takes, and the text of its result."""

    takes: int
    text: str
    compute: Callable[..., int]


def signed(word: int) -> int:
    """Return a word as a two's complement number."""
    return word - 2**256 if word >= SIGN else word


def sdiv(a: int, b: int) -> int:
    """Return SDIV: rounded towards zero, 0 by zero."""
    if not b:
        return 0
    a, b = signed(a), signed(b)
    quotient = abs(a) // abs(b)
    return (quotient if (a < 0) == (b < 0) else -quotient) & MASK


def smod(a: int, b: int) -> int:
    """Return SMOD: with the sign of the dividend, 0 by zero."""
    if not b:
        return 0
    a, b = signed(a), signed(b)
    rest = abs(a) % abs(b)
    return (-rest if a < 0 else rest) & MASK


def signextend(size: int, word: int) -> int:
    """Return SIGNEXTEND of a number of ``size`` + 1 bytes."""
    if size > 30:
        return word
    bit = 8 * size + 7
    low = word & ((1 << bit + 1) - 1)
    return low | (MASK ^ ((1 << bit + 1) - 1)) if word >> bit & 1 else low


def sar(shift: int, word: int) -> int:
    """Return an arithmetic shift to the right."""
    return (signed(word) >> min(shift, 256)) & MASK


def shl(shift: int, word: int) -> int:
    """Return a shift to the left."""
    return word << shift & MASK if shift < 256 else 0


def shr(shift: int, word: int) -> int:
    """Return a logical shift to the right."""
    return word >> shift if shift < 256 else 0


def byte(place: int, word: int) -> int:
    """Return one byte of a word, the highest at place 0."""
    return word >> 8 * (31 - place) & 255 if place < 32 else 0


@lru_cache(REMEMBERED)
def hashed(*words: int) -> int:
    """Return keccak256 of words."""
    return int.from_bytes(keccak(b"".join([word.to_bytes(32) for word in words])))


SCOPE: Final[dict[str, Any]] = {
    each.__name__: each for each in (signed, sdiv, smod, signextend, sar, shl, shr, byte, hashed)
} | {"MASK": MASK}
"""What the text of an expression may name."""


def _operation(takes: int, text: str) -> Operation:
    parameters = ("a", "b", "c")[:takes]
    compute = eval(f"lambda {', '.join(parameters)}: {text.format(*parameters)}", dict(SCOPE))
    return Operation(takes, text, compute)


OPERATIONS: Final = {
    opcode: _operation(takes, text)
    for opcode, (takes, text) in {
        0x01: (2, "({0} + {1} & MASK)"),
        0x02: (2, "({0} * {1} & MASK)"),
        0x03: (2, "({0} - {1} & MASK)"),
        0x04: (2, "({0} // {1} if {1} else 0)"),
        0x05: (2, "sdiv({0}, {1})"),
        0x06: (2, "({0} % {1} if {1} else 0)"),
        0x07: (2, "smod({0}, {1})"),
        0x08: (3, "(({0} + {1}) % {2} if {2} else 0)"),
        0x09: (3, "({0} * {1} % {2} if {2} else 0)"),
        0x0A: (2, "pow({0}, {1}, MASK + 1)"),
        0x0B: (2, "signextend({0}, {1})"),
        0x10: (2, "(1 if {0} < {1} else 0)"),
        0x11: (2, "(1 if {0} > {1} else 0)"),
        0x12: (2, "(1 if signed({0}) < signed({1}) else 0)"),
        0x13: (2, "(1 if signed({0}) > signed({1}) else 0)"),
        0x14: (2, "(1 if {0} == {1} else 0)"),
        0x15: (1, "(0 if {0} else 1)"),
        0x16: (2, "({0} & {1})"),
        0x17: (2, "({0} | {1})"),
        0x18: (2, "({0} ^ {1})"),
        0x19: (1, "({0} ^ MASK)"),
        0x1A: (2, "byte({0}, {1})"),
        0x1B: (2, "shl({0}, {1})"),
        0x1C: (2, "shr({0}, {1})"),
        0x1D: (2, "sar({0}, {1})"),
    }.items()
}
AND: Final = 0x16
OR: Final = 0x17
SHL: Final = 0x1B
SHR: Final = 0x1C

"""Integers as source code of any language reads best: powers of ten apart."""

from typing import Final

LEAST_EXPONENT: Final = 9


def exponent_of(value: int, decimals: int) -> int:
    """Return how many zeros to write as a power of ten: the value's decimals, if it has as many."""
    if not value:
        return 0
    zeros = len(str(value)) - len(str(value).rstrip("0"))
    if decimals and zeros >= decimals:
        return decimals
    return zeros if zeros >= LEAST_EXPONENT else 0

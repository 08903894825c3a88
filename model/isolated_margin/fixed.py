"""Exact integers: units, limits, and the divisions by the direction they round.

Source of the units, limits and rounding rules: docs/rules.md. Nothing here wraps and nothing is a
float. A quotient that no 256-bit word could hold raises ``ArithmeticError``, where the contract
would panic; neither is ever reached from inside the domain.
"""

from typing import Final, NoReturn

from isolated_margin.errors import NotAnInteger, OutOfDomain

BP: Final = 10**4  # 1e-4
PPM: Final = 10**6  # (= 1,000,000) parts per million
WAD: Final = 10**18  # (= 1,000,000,000,000,000,000) 18 decimals
MAX_UINT256: Final = 2**256 - 1
MAX_INT256: Final = 2**255 - 1
MIN_INT256: Final = -(2**255)
MAX_PRICE: Final = 10**32  # the highest price, scaled by WAD
MAX_SIZE: Final = 10**33  # the largest size, 18 decimals
MAX_ASSETS: Final = 2**127 - 1  # the largest amount of the collateral token, raw units


def integer(value: int) -> int:
    """Return ``value`` as it is, whatever its size; raises NotAnInteger when it is not an ``int``."""
    if type(value) is not int:
        raise NotAnInteger(value)
    return value


def within(value: int, minimum: int, maximum: int) -> int:
    """Return ``value`` as it is.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: ``value`` is below ``minimum`` or above ``maximum``.
    """
    if not type(value) is type(minimum) is type(maximum) is int:
        integer(value), integer(minimum), integer(maximum)
    if not minimum <= value <= maximum:
        raise OutOfDomain(value)
    return value


def uint256(value: int) -> int:
    """Return ``value`` as it is; raises as ``within`` outside of an unsigned word of 256 bits."""
    if type(value) is not int:
        raise NotAnInteger(value)
    if not 0 <= value <= MAX_UINT256:
        raise OutOfDomain(value)
    return value


def int256(value: int) -> int:
    """Return ``value`` as it is; raises as ``within`` outside of a signed word of 256 bits."""
    if type(value) is not int:
        raise NotAnInteger(value)
    if not MIN_INT256 <= value <= MAX_INT256:
        raise OutOfDomain(value)
    return value


def floor_div(numerator: int, denominator: int) -> int:
    """Return the signed quotient rounded toward minus infinity.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: the denominator is not positive, or no ``uint256``.
    """
    if not (type(numerator) is type(denominator) is int and 0 < denominator <= MAX_UINT256):
        _reject(numerator, denominator)
    return numerator // denominator


def ceil_div(numerator: int, denominator: int) -> int:
    """Return the signed quotient rounded toward plus infinity.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: the denominator is not positive, or no ``uint256``.
    """
    if not (type(numerator) is type(denominator) is int and 0 < denominator <= MAX_UINT256):
        _reject(numerator, denominator)
    return -(-numerator // denominator)


def trunc_div(numerator: int, denominator: int) -> int:
    """Return the signed quotient rounded toward zero, as Solidity's own division does.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: the denominator is not positive, or no ``uint256``.
    """
    if not (type(numerator) is type(denominator) is int and 0 < denominator <= MAX_UINT256):
        _reject(numerator, denominator)
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


def mul_div_down(x: int, y: int, denominator: int) -> int:
    """Return ``x * y / denominator`` rounded down, the product in full width.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: ``x`` or ``y`` is negative, or the denominator is not positive.
        ArithmeticError: the quotient is above ``2**256 - 1``.
    """
    return _word(floor_div(uint256(x) * uint256(y), denominator))


def mul_div_up(x: int, y: int, denominator: int) -> int:
    """Return ``x * y / denominator`` rounded up, the product in full width.

    Raises:
        NotAnInteger: an argument is not an ``int``.
        OutOfDomain: ``x`` or ``y`` is negative, or the denominator is not positive.
        ArithmeticError: the quotient is above ``2**256 - 1``.
    """
    return _word(ceil_div(uint256(x) * uint256(y), denominator))


def _word(value: int) -> int:
    if value > MAX_UINT256:
        raise ArithmeticError(value)
    return value


def _reject(numerator: int, denominator: int) -> NoReturn:
    integer(numerator), integer(denominator)
    raise OutOfDomain(denominator)

"""Divisions say which way they round; nothing but integers passes."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, trunc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin import fixed
from isolated_margin.errors import OutOfDomain

from tests.model.worlds import thorough

numerators = st.integers(-(2**300), 2**300)
denominators = st.integers(1, 2**256 - 1)
words = st.integers(0, 2**256 - 1)


@thorough
@given(numerators, denominators)
def test_divisions__of_any_integers__round_as_their_names_say(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert fixed.floor_div(numerator, denominator) == floor(exact)
    assert fixed.ceil_div(numerator, denominator) == ceil(exact)
    assert fixed.trunc_div(numerator, denominator) == trunc(exact)


@thorough
@given(words, words, words.filter(bool))
def test_mul_div__of_any_words__is_exact_or_overflows(x: int, y: int, denominator: int) -> None:
    """The product has full width; a quotient above a word is an ArithmeticError."""
    exact = Fraction(x * y, denominator)
    for function, rounded in ((fixed.mul_div_down, floor(exact)), (fixed.mul_div_up, ceil(exact))):
        if rounded <= fixed.MAX_UINT256:
            assert function(x, y, denominator) == rounded
        else:
            with pytest.raises(ArithmeticError):
                function(x, y, denominator)


@pytest.mark.parametrize(
    ("function", "lowest", "highest"), [(fixed.uint256, 0, 2**256 - 1), (fixed.int256, -(2**255), 2**255 - 1)]
)
def test_words__hold_their_range_alone(function: Callable[[object], int], lowest: int, highest: int) -> None:
    assert (function(lowest), function(highest)) == (lowest, highest)
    for beyond in (lowest - 1, highest + 1):
        with pytest.raises(OutOfDomain, match=str(beyond)):
            function(beyond)


def test_within__outside_of_its_bounds__is_rejected() -> None:
    assert fixed.within(-2, -2, 3) == -2
    for bad in (-3, 4):
        with pytest.raises(OutOfDomain, match=str(bad)):
            fixed.within(bad, -2, 3)


@pytest.mark.parametrize("divide", [fixed.floor_div, fixed.ceil_div, fixed.trunc_div])
def test_division__by_the_largest_word__is_the_last_that_passes(divide: Callable[..., int]) -> None:
    assert divide(fixed.MAX_UINT256, fixed.MAX_UINT256) == 1


@pytest.mark.parametrize("multiply", [fixed.mul_div_down, fixed.mul_div_up])
def test_mul_div__of_the_largest_word__is_the_last_that_fits(multiply: Callable[..., int]) -> None:
    assert multiply(fixed.MAX_UINT256, 1, 1) == fixed.MAX_UINT256
    with pytest.raises(ArithmeticError, match=str(2**256)):
        multiply(2**255, 2, 1)

"""The feed: what it must say, how fresh, and how it is scaled."""

import pytest
from isolated_margin.errors import InvalidPrice, StalePrice
from isolated_margin.fixed import MAX_PRICE, MAX_UINT256
from isolated_margin.price import PriceFeed, to_price_wad

from tests.model.worlds import must_refuse

NOW = 10_000
MAX_AGE = 100


def feed(decimals: int, answer: int, updated_at: int = NOW) -> PriceFeed:
    """Return a feed that says this."""
    told = PriceFeed(decimals)
    told.set(answer, updated_at)
    return told


@pytest.mark.parametrize(
    ("decimals", "answer", "price_wad"),
    [
        (0, 1, 10**18),
        (0, 10**14, MAX_PRICE),
        (8, 200_000_000_000, 2_000 * 10**18),
        (18, 1, 1),
        (18, MAX_PRICE, MAX_PRICE),
        (36, 10**18, 1),
        (36, 2 * 10**18 - 1, 1),
        (36, 10**50 + 10**18 - 1, MAX_PRICE),
    ],
)
def test_read__of_a_good_answer__is_wad_rounded_down(decimals: int, answer: int, price_wad: int) -> None:
    assert feed(decimals, answer).read(NOW, MAX_AGE) == price_wad


@pytest.mark.parametrize(
    ("decimals", "answer"),
    [
        (8, 0),
        (8, -1),
        (8, -(2**255)),
        (0, 10**14 + 1),
        (18, MAX_PRICE + 1),
        (18, 2**255 - 1),
        (36, 10**18 - 1),
        (36, 10**50 + 10**18),
    ],
)
def test_read__of_an_answer_out_of_range__is_an_invalid_price(decimals: int, answer: int) -> None:
    """Not positive, or scaled to nothing or above the highest price; the raw answer is told."""
    must_refuse(InvalidPrice(answer), feed(decimals, answer).read, NOW, MAX_AGE)


@pytest.mark.parametrize("updated_at", [NOW, NOW - MAX_AGE])
def test_read__of_an_answer_just_fresh_enough__passes(updated_at: int) -> None:
    assert feed(18, 5, updated_at).read(NOW, MAX_AGE) == 5


@pytest.mark.parametrize("updated_at", [0, NOW + 1, NOW - MAX_AGE - 1, 2**256 - 1])
def test_read__of_an_answer_of_another_time__is_stale(updated_at: int) -> None:
    must_refuse(StalePrice(updated_at, NOW), feed(18, 5, updated_at).read, NOW, MAX_AGE)


def test_read__with_more_than_one_fault__names_them_in_order() -> None:
    worst = feed(18, MAX_PRICE + 1, 0)
    worst.set_broken(True)
    must_refuse(InvalidPrice(0), worst.read, NOW, MAX_AGE)
    worst.set_broken(False)
    must_refuse(StalePrice(0, NOW), worst.read, NOW, MAX_AGE)
    worst.updated_at = NOW
    must_refuse(InvalidPrice(MAX_PRICE + 1), worst.read, NOW, MAX_AGE)


def test_read__of_a_feed_that_was_never_told__is_an_invalid_price() -> None:
    must_refuse(InvalidPrice(0), PriceFeed(18).read, 1, MAX_UINT256)


def test_price__of_the_smallest_numbers__is_read() -> None:
    assert feed(18, 5, updated_at=1).read(1, 0) == 5
    assert to_price_wad(1, 18) == 1
    assert to_price_wad(1, 0) == 10**18

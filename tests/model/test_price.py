"""The feed: what it must say, how fresh, and how it is scaled."""

from typing import Any

import pytest
from isolated_margin.errors import InvalidPrice, NotAnInteger, OutOfDomain, Refusal, StalePrice
from isolated_margin.fixed import MAX_PRICE
from isolated_margin.price import PriceFeed, to_price_wad

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
def test_read__of_a_good_answer__scales_it_to_wad_rounded_down(
    decimals: int, answer: int, price_wad: int
) -> None:
    """Up without loss, down toward zero, from nothing above zero to the highest price."""
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
    with pytest.raises(InvalidPrice) as caught:
        feed(decimals, answer).read(NOW, MAX_AGE)

    assert caught.value.args == (answer,)


@pytest.mark.parametrize("updated_at", [NOW, NOW - MAX_AGE])
def test_read__of_an_answer_just_fresh_enough__passes(updated_at: int) -> None:
    """From this second back to the greatest age."""
    assert feed(18, 5, updated_at).read(NOW, MAX_AGE) == 5


@pytest.mark.parametrize("updated_at", [0, NOW + 1, NOW - MAX_AGE - 1, 2**256 - 1])
def test_read__of_an_answer_of_another_time__is_stale(updated_at: int) -> None:
    """Never given, from the future, or one second too old."""
    with pytest.raises(StalePrice) as caught:
        feed(18, 5, updated_at).read(NOW, MAX_AGE)

    assert caught.value.args == (updated_at, NOW)


def test_read__with_more_than_one_fault__names_them_in_order() -> None:
    """Broken or not positive, then stale, then out of range."""
    worst = feed(18, MAX_PRICE + 1, 0)
    worst.broken = True
    expected: list[Refusal] = [InvalidPrice(0), StalePrice(0, NOW), InvalidPrice(MAX_PRICE + 1)]
    repairs: list[dict[str, object]] = [{}, {"broken": False}, {"updated_at": NOW}]
    for repair, refusal in zip(repairs, expected, strict=True):
        for attribute, value in repair.items():
            setattr(worst, attribute, value)
        with pytest.raises(type(refusal)) as caught:
            worst.read(NOW, MAX_AGE)
        assert caught.value.args == refusal.args


@pytest.mark.parametrize(
    ("answer", "updated_at", "error"),
    [(1.0, 1, NotAnInteger), (1, True, NotAnInteger), (2**255, 1, OutOfDomain), (1, -1, OutOfDomain)],
)
def test_set__with_what_no_feed_can_say__is_rejected(
    answer: Any, updated_at: Any, error: type[Exception]
) -> None:
    """An answer is a signed word, a time an unsigned one."""
    with pytest.raises(error):
        PriceFeed(8).set(answer, updated_at)


def test_price__of_the_smallest_numbers__is_read() -> None:
    """An answer of one; a feed without decimals."""
    assert to_price_wad(1, 18) == 1
    assert to_price_wad(1, 0) == 10**18

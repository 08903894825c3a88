"""Carry: the heavier side pays the lighter, the pool never pays, and settling changes nobody's equity."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin.book import EMPTY_BOOK, side_values
from isolated_margin.carry import Carry, accrue, funding_rate_wad, settle
from isolated_margin.margin import Position, equity, settled_equity

from tests.model.worlds import PARAMETERS, UNIT, WAD, thorough

START = Carry(carry_long=7, carry_short=-3, last_accrual=1_000, last_price=WAD)
sizes = st.integers(0, 10**33)
prices = st.integers(1, 10**32)
rates = st.integers(0, 10**14)
times = st.integers(0, 2**32)


@pytest.mark.parametrize(
    ("long_size", "short_size", "rate_wad"),
    [
        (0, 0, 0),
        (500 * UNIT, 0, 5 * 10**10),
        (0, 500 * UNIT, -5 * 10**10),
        (1_000 * UNIT, 0, 10**11),
        (0, 9_000 * UNIT, -(10**11)),
        (UNIT, UNIT, 0),
        (10**10, 0, 1),
        (0, 10**10 - 1, 0),
    ],
)
def test_funding_rate__grows_with_skew_to_its_limit(long_size: int, short_size: int, rate_wad: int) -> None:
    """Half the scale gives half the rate, the scale and more all of it; rounded toward zero."""
    assert funding_rate_wad(long_size, short_size, PARAMETERS) == rate_wad


def test_accrue__over_an_hour_of_longs_alone__charges_both_rates_to_the_longs() -> None:
    """Longs pay borrowing plus funding, shorts pay borrowing less funding, at the last accrual's price."""
    accrued = accrue(START, 500 * UNIT, 0, 2_000 * WAD, 4_600, PARAMETERS)
    assert accrued == Carry(
        carry_long=7 + 60_000_000_000 * 3_600,
        carry_short=-3 - 40_000_000_000 * 3_600,
        last_accrual=4_600,
        last_price=2_000 * WAD,
    )


def test_accrue__within_a_second__notes_the_price_alone() -> None:
    assert accrue(START, UNIT, 0, 2 * WAD, 1_000, PARAMETERS) == replace(START, last_price=2 * WAD)


def test_accrue__before_any_price__charges_nothing() -> None:
    deployed = Carry(carry_long=0, carry_short=0, last_accrual=1_000, last_price=0)
    assert accrue(deployed, UNIT, 0, 2_000 * WAD, 4_600, PARAMETERS) == Carry(0, 0, 4_600, 2_000 * WAD)


@thorough
@given(sizes, sizes, prices, prices, times)
def test_accrue__at_any_price_of_today__moves_the_same(
    long_size: int, short_size: int, price_wad: int, other_wad: int, seconds: int
) -> None:
    """CAR-1: an accrual doesn't depend on the price that ends it."""
    end = START.last_accrual + seconds
    accrued, other = (
        accrue(START, long_size, short_size, price, end, PARAMETERS) for price in (price_wad, other_wad)
    )
    assert accrued == replace(other, last_price=price_wad)


@thorough
@given(sizes, sizes, prices, times, rates, rates, st.integers(1, 10**33))
def test_accrue__of_any_book__never_takes_from_the_pool(
    long_size: int, short_size: int, price_wad: int, seconds: int, funding: int, borrow: int, skew_scale: int
) -> None:
    """CAR-1: what both sides pay together is not negative."""
    terms = replace(PARAMETERS, max_funding_rate_wad=funding, borrow_rate_wad=borrow, skew_scale=skew_scale)
    start = replace(START, last_price=price_wad)
    accrued = accrue(start, long_size, short_size, WAD, start.last_accrual + seconds, terms)
    step_long, step_short = accrued.carry_long - 7, accrued.carry_short + 3
    assert long_size * step_long + short_size * step_short >= 0


@thorough
@given(sizes, sizes, prices, times, times, rates, rates)
def test_accrue__in_two_parts__never_ends_lower(
    long_size: int, short_size: int, price_wad: int, first: int, second: int, funding: int, borrow: int
) -> None:
    """CAR-1: accruing more often at one price and book lowers no index."""
    terms = replace(PARAMETERS, max_funding_rate_wad=funding, borrow_rate_wad=borrow)
    middle, end = START.last_accrual + first, START.last_accrual + first + second
    start = replace(START, last_price=price_wad)
    at_once = accrue(start, long_size, short_size, price_wad, end, terms)
    half = accrue(start, long_size, short_size, price_wad, middle, terms)
    in_parts = accrue(half, long_size, short_size, price_wad, end, terms)
    assert in_parts.carry_long >= at_once.carry_long
    assert in_parts.carry_short >= at_once.carry_short


@st.composite
def positions(draw: st.DrawFn) -> Position:
    """Draw any position."""
    size = draw(st.integers(-(10**33), 10**33).filter(bool))
    entry, quote = draw(st.integers(-(10**37), 10**37)), draw(st.integers(-(10**47), 10**47))
    return Position("trader_1", size, draw(st.integers(0, 2**127 - 1)), entry, quote)


@thorough
@given(positions(), prices, st.integers(-(10**37), 10**37), st.sampled_from([10**18, 10**30, 10**36]))
def test_settle__of_any_position__keeps_its_equity(
    position: Position, price_wad: int, index: int, scale: int
) -> None:
    """Carry moves into quote to the last unit, and settling twice does nothing."""
    settled = settle(position, index, scale)
    assert settled_equity(settled, price_wad, scale) == equity(position, price_wad, index, scale)
    assert (settled.owner, settled.size, settled.margin) == (position.owner, position.size, position.margin)
    assert settle(settled, index, scale) is settled


@thorough
@given(st.lists(positions(), max_size=5), prices, st.integers(0, 10**37), st.integers(0, 10**37))
def test_side_values__of_any_book__cover_what_the_positions_would_take(
    held: list[Position], price_wad: int, carry_long: int, carry_short: int
) -> None:
    """At least the sum of the positions' pnl, and above by less than two units for each and one a side."""
    scale = 10**30
    carry = Carry(carry_long, carry_short, 0, price_wad)
    sums = EMPTY_BOOK
    for position in held:
        sums = sums.replaced(Position("", 0, 0, 0, 0), position)
    total = sum(
        equity(position, price_wad, carry.index_of(position.size), scale) - position.margin
        for position in held
    )
    promised = sum(side.pnl for side in side_values(sums, carry, price_wad, scale))
    assert total <= promised <= total + 2 * len(held) + 2


@thorough
@given(positions(), positions())
def test_replaced__back_and_forth__ends_where_it_began(first: Position, second: Position) -> None:
    """CUS-3: taking a position out undoes putting it in."""
    nothing = Position("", 0, 0, 0, 0)
    both = EMPTY_BOOK.replaced(nothing, first).replaced(nothing, second)
    assert both.replaced(first, nothing).replaced(second, nothing) == EMPTY_BOOK
    assert both.side_of(1).size + both.side_of(-1).size == abs(first.size) + abs(second.size)

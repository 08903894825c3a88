"""Levels: sharp boundaries of the equity and of the target, to the last unit of price."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st
from isolated_margin.fixed import MAX_PRICE
from isolated_margin.levels import bankruptcy_price, margin_call_price
from isolated_margin.margin import Position, Status, equity, notional, status
from isolated_margin.parameters import Tier

from tests.model.worlds import PARAMETERS, thorough

STEEP = replace(
    PARAMETERS, tiers=(Tier(0, 200_000, 100_000), Tier(10**9, 1_000_000, 900_000)), buffer_ppm=500_000
)

positions = st.builds(
    Position,
    owner=st.just("trader_1"),
    size=st.integers(-(10**30), 10**30).filter(bool),
    margin=st.integers(0, 10**24),
    carry_entry=st.just(0),
    quote=st.integers(-(10**30), 10**30),
)
scales = st.sampled_from([1, 10**3, 10**12, 10**18, 10**30])


def status_at(price_wad: int, position: Position, scale: int) -> Status:
    """Return how the position stands at a price."""
    worth = notional(position.size, price_wad, scale)
    return status(equity(position, price_wad, 0, scale), worth, PARAMETERS)


def worse(price_wad: int, position: Position) -> int:
    """Return the next price that is worse for the position."""
    return price_wad - 1 if position.size > 0 else price_wad + 1


def better(price_wad: int, position: Position) -> int:
    """Return the next price that is better for the position."""
    return price_wad + 1 if position.size > 0 else price_wad - 1


def is_price(price_wad: int) -> bool:
    """Return whether a feed can answer it."""
    return 1 <= price_wad <= MAX_PRICE


@thorough
@given(positions, scales)
def test_bankruptcy_price__of_any_position__is_a_sharp_boundary(position: Position, scale: int) -> None:
    """Equity is negative there and at the next worse price, and at no better one; 0 says: nowhere."""
    price_wad = bankruptcy_price(position, scale)
    if price_wad == 0:
        assert equity(position, 1 if position.size > 0 else MAX_PRICE, 0, scale) >= 0
        return
    assert equity(position, price_wad, 0, scale) < 0
    for other, is_negative in ((worse(price_wad, position), True), (better(price_wad, position), False)):
        assert not is_price(other) or (equity(position, other, 0, scale) < 0) == is_negative


@thorough
@given(positions, scales)
def test_margin_call_price__of_any_position__is_a_boundary_of_health(position: Position, scale: int) -> None:
    """Not healthy there, healthy at the next better price; 0 says: healthy everywhere."""
    price_wad = margin_call_price(position, scale, PARAMETERS)
    if price_wad == 0:
        assert status_at(1 if position.size > 0 else MAX_PRICE, position, scale) is Status.HEALTHY
        return
    assert status_at(price_wad, position, scale) is not Status.HEALTHY
    other = better(price_wad, position)
    assert not is_price(other) or status_at(other, position, scale) is Status.HEALTHY


@thorough
@given(positions, scales, st.integers(0, 10**20))
def test_margin_call_price__from_afar__divides_prices(position: Position, scale: int, distance: int) -> None:
    """Beyond what a few assets of rounding explain, everything worse is not healthy, everything better is."""
    price_wad = margin_call_price(position, scale, PARAMETERS)
    assume(price_wad)
    step = distance + 8 * (scale // abs(position.size) + 1)  # the target leaves at least half of the value
    side = 1 if position.size > 0 else -1
    lower, upper = price_wad - side * step, price_wad + side * step
    if is_price(lower):
        assert status_at(lower, position, scale) is not Status.HEALTHY
    if is_price(upper):
        assert status_at(upper, position, scale) is Status.HEALTHY


def test_margin_call_price__where_the_target_outgrows_the_value__is_found_below() -> None:
    """Above the second floor the target takes more than all of the value: health ends on both sides."""
    scale, size = 10**12, 10**12
    long = Position("trader_1", size, 3 * 10**8, 0, -(10**9))

    price_wad = margin_call_price(long, scale, STEEP)

    def is_healthy(price: int) -> bool:
        worth = notional(size, price, scale)
        return status(equity(long, price, 0, scale), worth, STEEP) is Status.HEALTHY

    assert not is_healthy(price_wad)
    assert is_healthy(price_wad + 1)
    assert not is_healthy(10 * price_wad)


def test_margin_call_price__of_a_long_that_no_price_heals__is_the_highest() -> None:
    """With a debt larger than what the first tier can make up for, every price is a margin call."""
    long = Position("trader_1", 10**12, 0, 0, -(10**10))
    assert margin_call_price(long, 10**12, STEEP) == MAX_PRICE


def test_margin_call_price__of_a_short_with_endless_margin__is_none() -> None:
    """What is healthy at the highest price is healthy everywhere."""
    short = Position("trader_1", -1, 10**24, 0, 0)
    assert margin_call_price(short, 10**30, PARAMETERS) == 0
    assert bankruptcy_price(short, 10**30) == 0


def test_bankruptcy_price__at_the_end_of_the_domain__is_a_price() -> None:
    short = Position("trader_1", -(10**18), 0, 0, MAX_PRICE - 1)
    assert bankruptcy_price(short, 10**18) == MAX_PRICE
    assert bankruptcy_price(replace(short, quote=MAX_PRICE), 10**18) == 0

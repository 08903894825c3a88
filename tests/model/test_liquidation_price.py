"""The liquidation price is exact, on both sides, to the last unit."""

from dataclasses import replace

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st
from isolated_margin import liquidation_price as module
from isolated_margin.fixed import MAX_PRICE
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import Position, notional, settled_equity
from isolated_margin.parameters import RiskParameters

from tests.model.small_terms import small_terms, with_tiers
from tests.model.worlds import FREE_OF_CARRY, thorough

HIGHEST = 150


def is_liquidatable(position: Position, price_wad: int, scale: int, parameters: RiskParameters) -> bool:
    """The rule itself: equity strictly below maintenance margin."""
    its_notional = notional(position.size, price_wad, scale)
    return settled_equity(position, price_wad, scale) < parameters.maintenance_margin(its_notional)


@thorough
@given(
    small_terms(),
    st.integers(-30, 30).filter(bool),
    st.integers(0, 40),
    st.integers(-10, 90),
    st.integers(1, 12),
)
@example(with_tiers((0, 500_000)), 4, 0, 3, 4)
@example(with_tiers((0, 500_000)), 5, 0, 3, 4)
@example(with_tiers((0, 500_000)), 1, 0, 0, 1)
@example(with_tiers((0, 500_000)), 2, 0, 0, 3)
def test_liquidation_price__in_a_small_world__is_what_trying_every_price_finds(
    parameters: RiskParameters, size: int, margin: int, entry: int, scale: int
) -> None:
    """LIQ-2: the highest of all prices for a long, the lowest for a short, 0 for none."""
    position = Position("trader_1", size, margin, 0, quote=-entry if size > 0 else entry)
    found = [p for p in range(1, HIGHEST + 1) if is_liquidatable(position, p, scale, parameters)]
    expected = 0 if not found else max(found) if size > 0 else min(found)
    event(f"{'long' if size > 0 else 'short'} {'found' if found else 'none'}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_PRICE", HIGHEST)
        assert liquidation_price(position, scale, parameters) == expected


@thorough
@given(
    st.integers(-(10**33), 10**33).filter(bool),
    st.integers(0, 2**127 - 1),
    st.integers(-(10**48), 10**48),
    st.sampled_from([10**18, 10**30, 10**36]),
    st.integers(1, MAX_PRICE),
)
def test_liquidation_price__anywhere_in_the_domain__is_a_sharp_boundary(
    size: int, margin: int, quote: int, scale: int, other: int
) -> None:
    """LIQ-2: liquidatable there, safe one unit better and at every better price."""
    position = Position("trader_1", size, margin, 0, quote)
    price_wad = liquidation_price(position, scale, FREE_OF_CARRY)
    better = 1 if size > 0 else -1

    def is_bad(at: int) -> bool:
        return is_liquidatable(position, at, scale, FREE_OF_CARRY)

    assert 0 <= price_wad <= MAX_PRICE
    if price_wad:
        assert is_bad(price_wad)
        assert not 1 <= price_wad + better <= MAX_PRICE or not is_bad(price_wad + better)
    if price_wad == 0 or (other - price_wad) * better > 0:
        assert not is_bad(other)


@pytest.mark.parametrize(("size", "quote", "safe"), [(2, -2, [6]), (-2, 4, [])])
def test_liquidation_price__of_a_long__has_safe_prices_below(size: int, quote: int, safe: list[int]) -> None:
    """A long's value is one unit higher where it is whole; a short has no such hole above."""
    parameters, scale = with_tiers((0, 300_000)), 4
    position = Position("trader_1", size, 0, 0, quote)
    boundary = liquidation_price(position, scale, parameters)
    worse = range(1, boundary) if size > 0 else range(boundary + 1, HIGHEST)
    assert [p for p in worse if not is_liquidatable(position, p, scale, parameters)] == safe
    assert all(size * p % scale == 0 for p in safe)


def test_liquidation_price__of_a_short_at_the_end_of_the_domain__is_a_price() -> None:
    terms = with_tiers((0, 500_000))
    short = Position("trader_1", -(10**18), 0, 0, 15 * 10**31 - 1)
    assert liquidation_price(short, 10**18, terms) == MAX_PRICE
    assert liquidation_price(replace(short, quote=15 * 10**31), 10**18, terms) == 0

"""Auto-deleveraging: only winners, only while triggered, only as far as the target."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin.deleverage import adl_score, deleverage, profit_to_realise, size_to_close
from isolated_margin.errors import DeleverageNotNeeded, NotProfitable
from isolated_margin.fixed import PPM, ceil_div
from isolated_margin.margin import Position, notional

from tests.model.worlds import PARAMETERS, TOKEN, UNIT, WAD, must_refuse, thorough

SCALE = 10**30
PRICE = 2_000 * WAD


def winner(pnl: int, size: int = UNIT, margin: int = 200 * TOKEN) -> Position:
    """Return a position with this pnl (assets) at the price."""
    return Position("trader_1", size, margin, 0, pnl - size * PRICE // SCALE)


def apply(position: Position, net_pnl: int, free: int) -> Any:
    """Deleverage at the price under the usual terms: trigger a half, target 30 %."""
    return deleverage(position, net_pnl, free, PRICE, SCALE, PARAMETERS)


def test_deleverage__at_exactly_the_trigger__is_refused() -> None:
    pnl, free = 500 * TOKEN, 1_000 * TOKEN
    must_refuse(DeleverageNotNeeded(pnl, free), apply, winner(pnl), pnl, free)
    apply(winner(pnl), pnl + 1, free)


@pytest.mark.parametrize("pnl", [0, -1])
def test_deleverage__of_no_profit__is_refused(pnl: int) -> None:
    """ADL-1: touches only profitable positions."""
    must_refuse(NotProfitable(pnl), apply, winner(pnl), 600 * TOKEN, 1_000 * TOKEN)


def test_deleverage__of_a_part__reaches_the_target() -> None:
    """By pencil: (600 - 30 % of 1,000) / 70 % = 428.57..., then (600 - x) = 30 % of (1,000 - x)."""
    left, moved = apply(winner(600 * TOKEN), 600 * TOKEN, 1_000 * TOKEN)
    assert profit_to_realise(600 * TOKEN, 1_000 * TOKEN, PARAMETERS) == 428_571_429
    assert moved.fill.size_closed == ceil_div(UNIT * 428_571_429, 600 * TOKEN)
    assert moved.fill.realised == moved.fill.paid == 428_571_429
    assert left.margin == 200 * TOKEN + 428_571_429
    assert (left.size, moved.to_claimable) == (UNIT - moved.fill.size_closed, 0)


@pytest.mark.parametrize(
    ("pnl", "net_pnl", "free"),
    [
        (428_571_429, 600 * TOKEN, 1_000 * TOKEN),
        (100 * TOKEN, 600 * TOKEN, 1_000 * TOKEN),
        (600 * TOKEN, 600 * TOKEN, 0),
        (600 * TOKEN, 10**20, 0),
        (430 * TOKEN, 600 * TOKEN, 1_000 * TOKEN),
    ],
)
def test_deleverage__of_no_more_profit_than_needed__closes_all(pnl: int, net_pnl: int, free: int) -> None:
    """All of it when the profit is not enough, when the pool is empty, or when dust would stay."""
    left, moved = apply(winner(pnl), net_pnl, free)
    assert left.size == 0
    assert moved.fill.realised == pnl
    assert moved.to_claimable == 200 * TOKEN + moved.fill.paid
    assert moved.fill.owed == pnl - moved.fill.paid


@thorough
@given(
    st.integers(0, 10**15),
    st.integers(1, 10**15),
    st.integers(1, 10**15),
    st.integers(10**17, 10**24),
    st.sampled_from([1, -1]),
)
def test_deleverage__of_any_winner__goes_no_further_than_the_target(
    free: int, excess: int, spare: int, size: int, side: int
) -> None:
    """ADL-1: one unit of size less would leave the net profit above the target, roundings apart."""
    net_pnl = PARAMETERS.adl_trigger_ppm * free // PPM + excess
    profit = profit_to_realise(net_pnl, free, PARAMETERS)
    position = winner(profit + spare, side * size)
    left, moved = apply(position, net_pnl, free)
    if left.size == 0:
        return
    of_one_unit = ceil_div(profit + spare, size)
    paid, target = moved.fill.paid, PARAMETERS.adl_target_ppm
    less = moved.fill.realised - of_one_unit - 2

    assert moved.fill.realised >= profit
    assert paid == min(moved.fill.realised, free)
    assert less < profit
    assert less >= net_pnl or (net_pnl - less) * PPM > target * (free - less)
    assert notional(left.size, PRICE, SCALE) >= PARAMETERS.min_notional


@pytest.mark.parametrize(
    ("pnl", "margin", "worth", "score"),
    [
        (0, 10, 100, 0),
        (-5, 10, 100, 0),
        (10, 10, 100, 5 * WAD),
        (10, 0, 100, 100 * WAD),
        (1, 3, 7, WAD // 3 * 7 // 4),
    ],
)
def test_adl_score__is_profit_by_margin_times_leverage(pnl: int, margin: int, worth: int, score: int) -> None:
    """Rounded down twice, a margin of nothing counting as one, nothing for no profit."""
    assert adl_score(pnl, margin, worth) == score


def test_adl_score__of_nothing_at_all__is_nothing() -> None:
    assert adl_score(0, 0, 5) == 0
    assert adl_score(1, 0, 5) == 5 * WAD


def test_size_to_close__of_the_smallest_scale__is_a_size() -> None:
    long = Position("trader_1", 100 * TOKEN, 0, 0, 0)
    assert size_to_close(long, 10, 5, 1, 1, PARAMETERS) == 50 * TOKEN


def test_size_to_close__that_leaves_exactly_the_smallest_notional__leaves_it() -> None:
    long = Position("trader_1", 40 * TOKEN, 0, 0, 0)
    assert size_to_close(long, 4, 3, 1, 1, PARAMETERS) == 30 * TOKEN
    assert size_to_close(replace(long, size=40 * TOKEN - 1), 4, 3, 1, 1, PARAMETERS) == 40 * TOKEN - 1

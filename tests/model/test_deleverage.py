"""Auto-deleveraging: only winners, only of a side that is due, each by the side's share, in rounds."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin.book import NO_ROUND, BookSide, Round
from isolated_margin.deleverage import ROUND, deleverage, is_open, size_to_close, size_to_keep
from isolated_margin.errors import AlreadyDeleveraged, DeleverageNotNeeded, NotProfitable, PoolEmpty
from isolated_margin.fixed import PPM, ceil_div
from isolated_margin.margin import Position, notional

from tests.model.worlds import PARAMETERS, TOKEN, UNIT, WAD, must_refuse, thorough

SCALE = 10**30
PRICE = 2_000 * WAD
NOW = 1_000
SIDE = BookSide(10 * UNIT, 0, 0, 0)  # worth 20,000: due below 2,000, kept whole by 3,000
FREE = 10**12


def winner(pnl: int = TOKEN, size: int = UNIT, margin: int = 200 * TOKEN, at: int = 0) -> Position:
    """Return a position with this pnl (assets) at the price, deleveraged at a time."""
    return Position("trader_1", size, margin, 0, pnl - size * PRICE // SCALE, deleveraged_at=at)


def apply(
    position: Position, nav: int, side: BookSide = SIDE, free: int = FREE, its_round: Round = NO_ROUND
) -> Any:
    """Deleverage at the price under the usual terms: trigger 10 %, target 15 %."""
    side = replace(side, round=its_round)
    return deleverage(7, position, side, nav, free, PRICE, SCALE, PARAMETERS, NOW)


def test_deleverage__at_exactly_the_trigger__is_refused() -> None:
    nav, worth = 2_000 * TOKEN, 20_000 * TOKEN
    must_refuse(DeleverageNotNeeded(nav, worth), apply, winner(), nav)
    apply(winner(), nav - 1)


def test_deleverage__in_the_second_in_which_a_round_began__goes_on_down_to_the_target() -> None:
    begun, nav = Round(NOW, WAD // 2, 5 * UNIT + UNIT // 20), 3_000 * TOKEN
    must_refuse(DeleverageNotNeeded(nav, 20_000 * TOKEN), apply, winner(), nav, SIDE, FREE, begun)
    left, moved = apply(winner(), nav - 1, its_round=begun)
    assert moved.fill.size_closed == 10 * UNIT - size_to_keep(nav - 1, PRICE, SCALE, PARAMETERS)
    assert moved.round is begun
    assert left.deleveraged_at == NOW
    later = replace(begun, round_at=NOW - 1)
    must_refuse(DeleverageNotNeeded(nav - 1, 20_000 * TOKEN), apply, winner(), nav - 1, SIDE, FREE, later)


@pytest.mark.parametrize("pnl", [0, -1])
def test_deleverage__of_no_profit__is_refused(pnl: int) -> None:
    """ADL-1: touches only profitable positions."""
    must_refuse(NotProfitable(pnl), apply, winner(pnl, at=NOW), 0)


def test_deleverage__of_a_new_round__takes_the_sides_share() -> None:
    """By pencil: a pool worth 1,500 keeps 1,500 / 15 % = 10,000 of the side's 20,000, so half has to go, and
    the round ends early once no more than a hundredth of that half is left.
    """
    left, moved = apply(winner(600 * TOKEN), 1_500 * TOKEN)
    assert moved.round == Round(NOW, WAD // 2, 5 * UNIT + UNIT // 20)
    assert moved.fill.size_closed == left.size == UNIT // 2
    assert moved.fill.realised == moved.fill.paid == 300 * TOKEN
    assert moved.reward == TOKEN
    assert (left.margin, left.deleveraged_at) == (499 * TOKEN, NOW)
    assert moved.to_claimable == 0


def test_deleverage__of_a_margin_below_the_reward__pays_what_there_is() -> None:
    left, moved = apply(winner(2, margin=7), 1_500 * TOKEN)
    assert (moved.reward, left.margin) == (8, 0)


@pytest.mark.parametrize(
    ("began", "keep", "at", "is_refused"),
    [
        (NOW, 9 * UNIT, 0, False),
        (NOW, 9 * UNIT, NOW, True),
        (NOW - 29, 9 * UNIT, NOW - 30, False),
        (NOW - 29, 9 * UNIT, NOW - 29, True),
        (NOW - 30, 9 * UNIT, NOW - 30, False),
        (NOW - 29, 10 * UNIT, NOW - 29, False),
        (NOW - 29, 10 * UNIT, NOW, True),
    ],
)
def test_deleverage__of_a_position_that_was__waits_for_the_next_round(
    began: int, keep: int, at: int, is_refused: bool
) -> None:
    """While the side is above what ends the round early, within 30 seconds; never twice in a second."""
    begun = Round(began, WAD // 10, keep)
    if is_refused:
        must_refuse(AlreadyDeleveraged(7), apply, winner(at=at), 0, SIDE, FREE, begun)
    else:
        _, moved = apply(winner(at=at), 0, its_round=begun)
        goes_on = is_open(begun, SIDE.size, NOW)
        assert moved.round == (begun if goes_on else Round(NOW, WAD, UNIT // 10))


@pytest.mark.parametrize(
    ("seconds", "size", "expected"),
    [(0, 0, True), (0, 6, True), (ROUND - 1, 6, True), (ROUND - 1, 5, False), (ROUND, 6, False)],
)
def test_round__is_open__while_the_side_is_above_what_it_keeps(
    seconds: int, size: int, expected: bool
) -> None:
    assert is_open(Round(100, WAD, 5), size, 100 + seconds) is expected


def test_deleverage__of_the_last_of_a_side__stops_at_what_it_keeps() -> None:
    """Nine tenths of it would have to go, and the side has only a third too much."""
    side, begun = replace(SIDE, size=UNIT), Round(NOW - 1, 9 * WAD // 10, 0)
    _, moved = apply(winner(), 199 * TOKEN, side, its_round=begun)
    assert moved.fill.size_closed == UNIT - size_to_keep(199 * TOKEN, PRICE, SCALE, PARAMETERS)
    assert moved.fill.size_closed == ceil_div(UNIT * 101, 300)


def test_deleverage__of_an_empty_pool__takes_what_it_can_pay() -> None:
    """ADL-3: of 600 of profit 150 are there; of nothing nothing is taken; elsewhere cash is no limit."""
    _, moved = apply(winner(600 * TOKEN), 0, free=150 * TOKEN)
    assert moved.fill.size_closed == UNIT // 4
    assert moved.fill.realised == moved.fill.paid == 150 * TOKEN
    must_refuse(PoolEmpty(), apply, winner(600 * TOKEN), 0, SIDE, 0)
    left, moved = apply(winner(600 * TOKEN), 1_500 * TOKEN, free=0)
    assert (moved.fill.realised, moved.fill.paid) == (300 * TOKEN, 0)
    assert left.quote == 600 * TOKEN - UNIT // 2 * PRICE // SCALE
    left, moved = apply(winner(600 * TOKEN), 0, free=600 * TOKEN)
    assert (left.size, moved.fill.paid) == (0, 600 * TOKEN)


def test_deleverage__that_would_leave_dust__closes_all() -> None:
    """A pool worth 1 keeps hardly anything: the rest is owed, margin may be claimed."""
    left, moved = apply(winner(600 * TOKEN), 1 * TOKEN, free=150 * TOKEN)
    assert left.size == 0
    assert moved.fill.realised == 600 * TOKEN
    assert moved.fill.owed == 450 * TOKEN
    assert (moved.reward, moved.to_claimable) == (2 * TOKEN, 348 * TOKEN)


@thorough
@given(
    st.integers(1, 10**14),
    st.lists(st.integers(10**17, 10**22), min_size=1, max_size=6),
    st.sampled_from([1, -1]),
)
def test_deleverage__of_a_whole_side_in_a_second__leaves_what_it_keeps(
    nav: int, sizes: list[int], direction: int
) -> None:
    """ADL-3: at one price and worth; ADL-1: nobody loses more than the share, but for one unit and dust."""
    side = BookSide(sum(sizes), 0, 0, 0)
    if nav * PPM >= PARAMETERS.adl_trigger_ppm * notional(side.size, PRICE, SCALE):
        return
    keep = size_to_keep(nav, PRICE, SCALE, PARAMETERS)
    for size in sizes:
        if side.size <= keep:
            break
        left, moved = apply(winner(size=direction * size), nav, side, its_round=side.round)
        share = ceil_div(size * moved.round.cut_wad, WAD)
        assert moved.fill.size_closed <= share or left.size == 0
        side = replace(side, size=side.size - moved.fill.size_closed, round=moved.round)
    assert side.size <= keep


@pytest.mark.parametrize(
    ("cut_wad", "excess", "free", "profit", "size"),
    [
        (WAD // 3, 10**9, 0, 0, 33_333_334),
        (WAD // 3, 20_000_000, 0, 0, 20_000_000),
        (WAD // 3, 10**9, 4, 4, 33_333_334),
        (WAD // 3, 10**9, 1, 7, 14_285_714),
        (9 * WAD // 10, 10**9, 0, 0, 90_000_000),
        (9 * WAD // 10 + 1, 10**9, 0, 0, 100_000_000),
        (2 * WAD, 10**9, 0, 0, 100_000_000),
    ],
)
def test_size_to_close__is_the_share_that_has_to_go_and_can_be_paid(
    cut_wad: int, excess: int, free: int, profit: int, size: int
) -> None:
    """At a price of one asset a unit of size; the smallest notional is 10 tokens."""
    long = Position("trader_1", 100 * TOKEN, 0, 0, 0)
    assert size_to_close(long, cut_wad, excess, free, profit, 1, 1, PARAMETERS) == size


def test_size_to_keep__is_rounded_down() -> None:
    assert size_to_keep(3, WAD, SCALE, PARAMETERS) == 20 * 10**12
    assert size_to_keep(2, WAD, SCALE, PARAMETERS) == 13_333_333_333_333

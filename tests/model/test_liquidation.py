"""Liquidation: as much as it takes and no more, and every unit of it accounted for."""

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from isolated_margin.errors import NotLiquidatable
from isolated_margin.fixed import PPM, ceil_div
from isolated_margin.liquidation import held_back, liquidate, notional_to_close
from isolated_margin.margin import Position, notional, settled_equity
from isolated_margin.parameters import RiskParameters, Tier
from isolated_margin.trade import realise

from tests.model.worlds import PARAMETERS, TOKEN, UNIT, WAD, must_refuse, thorough

SCALE = 10**30
DEEP = 10**40


def alone(position: Position) -> tuple[int, int]:
    """Return the sizes of both sides where nothing else is open."""
    return abs(position.size), 0


class Case(NamedTuple):
    """A position at a price, under terms."""

    position: Position
    price_wad: int
    parameters: RiskParameters


@st.composite
def terms(draw: st.DrawFn) -> RiskParameters:
    """Draw valid terms with one to four tiers."""
    floors = (0, *sorted(draw(st.sets(st.integers(10**5, 10**13), max_size=3))))
    maintenance = sorted(
        draw(st.lists(st.integers(1_000, 400_000), min_size=len(floors), max_size=len(floors)))
    )
    tiers = tuple(Tier(floor, 2 * rate, rate) for floor, rate in zip(floors, maintenance, strict=True))
    fee = draw(st.integers(1, maintenance[0] - 1))
    parameters = replace(
        PARAMETERS,
        tiers=tiers,
        trading_fee_ppm=draw(st.integers(1, maintenance[0] - 1)),
        liquidation_fee_ppm=fee,
        liquidator_share_ppm=draw(st.integers(1, PPM)),
        buffer_ppm=draw(st.integers(1, PPM)),
        min_notional=draw(st.integers(10**6, 10**8)),
    )
    parameters.validate()
    return parameters


@st.composite
def liquidatable(draw: st.DrawFn) -> Case:
    """Draw a position somewhere below its maintenance margin, often just below."""
    parameters = draw(terms())
    price_wad = draw(st.integers(10**12, 10**24))
    worth = draw(st.integers(parameters.min_notional, 10**14))
    size = ceil_div(worth * SCALE, price_wad) * draw(st.sampled_from([1, -1]))
    required = parameters.maintenance_margin(notional(size, price_wad, SCALE))
    short_by = draw(st.one_of(st.integers(1, 10), st.integers(1, 2 * required)))
    margin = draw(st.one_of(st.just(0), st.integers(0, 2 * required)))
    value = size * price_wad // SCALE
    quote = required - short_by - margin - value
    return Case(Position("trader_1", size, margin, 0, quote), price_wad, parameters)


@thorough
@given(liquidatable(), st.sampled_from([0, 10**6, DEEP]), st.integers(0, 10**13))
def test_liquidate__of_a_part__reaches_the_target(case: Case, balance: int, insurance: int) -> None:
    """LIQ-3, LIQ-6: what stays has its target, whatever pool and insurance can pay."""
    position, price_wad, parameters = case
    left, moved = liquidate(position, price_wad, SCALE, parameters, balance, insurance, alone(position))
    event("partial" if left.size else "whole")
    if left.size:
        its_notional = notional(left.size, price_wad, SCALE)
        assert settled_equity(left, price_wad, SCALE) >= parameters.target(its_notional)
        assert its_notional >= parameters.min_notional
        assert moved.fill.deficit == 0
        with pytest.raises(NotLiquidatable):
            liquidate(left, price_wad, SCALE, parameters, balance, insurance, alone(left))


@thorough
@given(liquidatable(), st.sampled_from([0, 10**6, DEEP]))
def test_liquidate__of_any_less__would_miss_the_target(case: Case, balance: int) -> None:
    """LIQ-4: less by more than the slack leaves equity below target, whatever the pool can pay."""
    position, price_wad, parameters = case
    left, moved = liquidate(position, price_wad, SCALE, parameters, balance, 0, alone(position))
    assume(left.size)
    stays = notional(left.size, price_wad, SCALE)
    rate = parameters.maintenance.rates_ppm[parameters.maintenance.tier_of(stays)]
    slope = rate * (PPM + parameters.buffer_ppm) - parameters.liquidation_fee_ppm * PPM
    less = ceil_div(ceil_div(16 * PPM * PPM, slope) * SCALE, price_wad) + 1
    assume(less < moved.fill.size_closed)

    size = moved.fill.size_closed - less
    larger, _ = realise(position, size, price_wad, SCALE, balance)
    fee = ceil_div(notional(size, price_wad, SCALE) * parameters.liquidation_fee_ppm, PPM)
    equity = settled_equity(larger, price_wad, SCALE) - min(fee, larger.margin)
    assert equity < parameters.target(notional(larger.size, price_wad, SCALE))


@thorough
@given(liquidatable(), st.sampled_from([0, 10**6, DEEP]), st.integers(0, 10**13), st.integers(0, 10**30))
def test_liquidate__of_anything__accounts_for_every_unit(
    case: Case, balance: int, insurance: int, others: int
) -> None:
    """LIQ-5: fee = reward from margin + to insurance; deficit = covered + pool's loss."""
    position, price_wad, parameters = case
    sizes = abs(position.size) + others, others // 2
    left, moved = liquidate(position, price_wad, SCALE, parameters, balance, insurance, sizes)
    worth = notional(moved.fill.size_closed, price_wad, SCALE)
    due = ceil_div(worth * parameters.liquidation_fee_ppm, PPM)
    reward = due * parameters.liquidator_share_ppm // PPM
    insured = min(reward, ceil_div(worth * parameters.trading_fee_ppm, PPM))
    fund = insurance + moved.to_insurance - moved.reward_from_insurance
    open_worth = notional(abs(left.size) + others, price_wad, SCALE) + notional(others // 2, price_wad, SCALE)
    kept = ceil_div(open_worth * parameters.trading_fee_ppm, PPM)

    assert moved.fee == moved.reward_from_margin + moved.to_insurance <= due
    assert moved.fill.deficit == moved.covered + moved.pool_loss
    assert moved.reward_from_margin == min(reward, moved.fee)
    paid_reward = moved.reward_from_margin + moved.reward_from_insurance
    assert fund >= 0
    assert paid_reward == max(insured, moved.reward_from_margin) or fund == 0
    assert moved.covered == 0 or fund - moved.covered >= kept
    assert moved.pool_loss == 0 or fund - moved.covered <= kept
    paid = moved.fill.paid if moved.fill.realised >= 0 else -moved.fill.paid
    assert left.margin + moved.to_claimable + moved.fee == position.margin + paid


@thorough
@given(liquidatable())
def test_liquidate__at_exactly_maintenance_margin__is_refused(case: Case) -> None:
    """LIQ-1: strictly below is liquidatable, equal is not; the numbers are told."""
    position, price_wad, parameters = case
    required = parameters.maintenance_margin(notional(position.size, price_wad, SCALE))
    missing = required - settled_equity(position, price_wad, SCALE)
    safe = replace(position, quote=position.quote + missing)
    must_refuse(
        NotLiquidatable(required, required),
        liquidate,
        safe,
        price_wad,
        SCALE,
        parameters,
        DEEP,
        0,
        alone(position),
    )
    liquidate(replace(safe, quote=safe.quote - 1), price_wad, SCALE, parameters, DEEP, 0, alone(position))


@thorough
@given(liquidatable())
def test_notional_to_close__solves_the_equation_in_the_tier_that_stays(case: Case) -> None:
    """Closing that much, exactly and without rounding, leaves the target and eight units to spare at most."""
    position, price_wad, parameters = case
    worth = notional(position.size, price_wad, SCALE)
    equity = settled_equity(position, price_wad, SCALE)
    closing = notional_to_close(worth, equity, worth, parameters)
    assume(closing < worth)

    def short_of_target(closed: int) -> Fraction:
        stays = worth - closed
        tier = parameters.maintenance.tier_of(stays)
        line = stays * parameters.maintenance.rates_ppm[tier] - parameters.maintenance.deductions[tier]
        target = Fraction(line * (PPM + parameters.buffer_ppm), PPM * PPM)
        return target - (equity - Fraction(closed * parameters.liquidation_fee_ppm, PPM))

    assert short_of_target(closing) <= -8
    assert short_of_target(closing - 1) > -8


def test_liquidate__just_below_maintenance__closes_a_tenth_of_a_long() -> None:
    """By pencil: 1 at 2,000 with equity 99: X = (2,000 * 5.5 % - 99) / (5.5 % - 1 %) = 244.44..."""
    position = Position("trader_1", UNIT, 199 * TOKEN, 0, -2_100 * TOKEN)
    left, moved = liquidate(position, 2_000 * WAD, SCALE, PARAMETERS, DEEP, 0, alone(position))
    closed = moved.fill.size_closed
    assert 244_444_444 < closed * 2_000 * TOKEN // UNIT < 244_445_000
    assert 0 <= 100 * TOKEN * closed // UNIT + 1 + moved.fill.realised <= 1
    assert moved.fee == ceil_div(notional(closed, 2_000 * WAD, SCALE), 100)
    assert (moved.to_claimable, moved.covered, moved.pool_loss) == (0, 0, 0)
    assert left.size == UNIT - closed


def test_liquidate__of_a_profit_that_the_pool_cannot_pay__charges_no_more_than_the_margin() -> None:
    """By pencil: 1 at 2,000 with margin 2 and profit 97. The fee is all of the margin, so 97 are left, and
    X = (2,000 * 5.5 % - 97) / 5.5 % = 236.36... where a full fee would ask for 244.44...
    """
    position = Position("trader_1", UNIT, 2 * TOKEN, 0, -1_903 * TOKEN)
    left, moved = liquidate(position, 2_000 * WAD, SCALE, PARAMETERS, 0, 0, alone(position))
    closed = moved.fill.size_closed
    assert 236_363_636 < closed * 2_000 * TOKEN // UNIT < 236_364_000
    assert (moved.fill.realised > 0, moved.fill.paid, moved.fee) == (True, 0, 2 * TOKEN)
    assert left.margin == 0
    assert settled_equity(left, 2_000 * WAD, SCALE) == 97 * TOKEN


def test_liquidate__with_no_more_than_the_fee__closes_everything() -> None:
    """Equity of 1 % of notional, and the eight units that cover roundings, can't reach the target.

    The margin left after the fee waits for its owner.
    """
    position = Position("trader_1", UNIT, 100 * TOKEN, 0, -2_080 * TOKEN + 8)
    left, moved = liquidate(position, 2_000 * WAD, SCALE, PARAMETERS, DEEP, 0, alone(position))
    assert left.size == 0
    assert moved.fill.realised == -80 * TOKEN + 8
    assert (moved.fee, moved.reward_from_margin, moved.to_insurance) == (20 * TOKEN, 10 * TOKEN, 10 * TOKEN)
    assert moved.to_claimable == 8


@pytest.mark.parametrize(
    ("insurance", "reward", "covered", "pool_loss"),
    [(0, 0, 0, 50), (1, 1, 0, 50), (2, 2, 0, 50), (3, 2, 0, 50), (23, 2, 18, 32), (1_000, 2, 50, 0)],
)
def test_liquidate__of_a_bankrupt__pays_one_trading_fee_before_the_deficit(
    insurance: int, reward: int, covered: int, pool_loss: int
) -> None:
    """A loss of 150 on 100 of margin, at a trading fee of 0.1 %: insurance brings the reward of 10 to
    the fee of 2, keeps 3 for the rewards of the 3,000 that are open, then covers; the rest is the pool's.
    """
    position = Position("trader_1", -UNIT, 100 * TOKEN, 0, 1_850 * TOKEN)
    sizes = 2 * UNIT, UNIT // 2
    left, moved = liquidate(position, 2_000 * WAD, SCALE, PARAMETERS, DEEP, insurance * TOKEN, sizes)
    assert left.size == 0
    assert (moved.fill.paid, moved.fill.deficit) == (100 * TOKEN, 50 * TOKEN)
    assert (moved.fee, moved.to_claimable) == (0, 0)
    assert moved.reward_from_insurance == reward * TOKEN
    kept = held_back((UNIT, UNIT // 2), 2_000 * WAD, SCALE, PARAMETERS)
    assert kept == 3 * TOKEN
    assert moved.covered == covered * TOKEN
    assert moved.pool_loss == pool_loss * TOKEN


def test_liquidate__of_what_pays_more_than_a_trading_fee__takes_nothing_from_insurance() -> None:
    """A margin of 5 pays 5 of the reward of 10, more than the fee of 2 that insurance would bring it to."""
    position = Position("trader_1", -UNIT, 105 * TOKEN, 0, 1_900 * TOKEN)
    _, moved = liquidate(position, 2_000 * WAD, SCALE, PARAMETERS, DEEP, 1_000 * TOKEN, alone(position))
    assert (moved.fee, moved.reward_from_margin, moved.reward_from_insurance) == (5 * TOKEN, 5 * TOKEN, 0)


def test_liquidate__that_would_leave_dust__closes_everything() -> None:
    position = Position("trader_1", UNIT // 100, 2 * TOKEN, 0, -21_010_000)
    dusty = replace(PARAMETERS, min_notional=19 * TOKEN)
    fine = replace(PARAMETERS, min_notional=10 * TOKEN)
    assert liquidate(position, 2_000 * WAD, SCALE, dusty, DEEP, 0, alone(position))[0].size == 0
    assert liquidate(position, 2_000 * WAD, SCALE, fine, DEEP, 0, alone(position))[0].size != 0


def test_liquidate__of_one_unit_of_a_dear_size__closes_everything() -> None:
    """Where one unit of size is worth more than has to be closed, there is no smaller step."""
    price_wad, scale = 10**32, 10**18
    position = Position("trader_1", 1, 10**12, 0, -(10**14) + 3 * 10**12)
    parameters = replace(PARAMETERS, tiers=PARAMETERS.tiers[:1])
    left, moved = liquidate(position, price_wad, scale, parameters, DEEP, 0, alone(position))
    assert (left.size, moved.fill.size_closed) == (0, 1)

"""A dead feed: when its market may be settled, what is refused from then on, and what everybody gets."""

from dataclasses import replace

import pytest
from isolated_margin import analysis, errors, views
from isolated_margin.events import Accrued, FeedReported, InsuranceReleased, Settled
from isolated_margin.margin import Status
from isolated_margin.parameters import RiskParameters

from tests.model.worlds import FREE_OF_CARRY, NO_LIMIT, PARAMETERS, TOKEN, UNIT, WAD, World

AFTER = PARAMETERS.settle_after
AGE = PARAMETERS.max_price_age


def dead_market(parameters: RiskParameters = FREE_OF_CARRY, *, broken: bool = True) -> World:
    """Return a market with a long and a short whose feed was reported dead just now."""
    world = World(parameters)
    world.open_position(10 * UNIT, 3_000 * TOKEN)
    world.open_position(-4 * UNIT, 2_000 * TOKEN, "trader_2")
    if broken:
        world.feed.set_broken(True)
    else:
        world.clock.advance(AGE + 1)
    world.vault.settle_market("stranger")
    return world


def settled_market(parameters: RiskParameters = FREE_OF_CARRY) -> World:
    """Return the same once it is settled, its log empty."""
    world = dead_market(parameters)
    world.clock.advance(AFTER)
    world.vault.settle_market("stranger")
    world.drain_log()
    return world


def test_settle_market__of_a_live_feed__is_refused() -> None:
    world = World()
    world.must_refuse(errors.FeedAlive(), world.vault.settle_market, "stranger")


def test_settle_market__of_a_dead_feed__starts_the_clock_once() -> None:
    world = dead_market()
    now = world.clock.timestamp
    assert world.drain_log()[-1] == ("vault", FeedReported(now))
    assert views.settlement(world.vault) == (now, False, now + AFTER)
    world.clock.advance(AFTER - 1)
    early = errors.SettlementTooEarly(now + AFTER, now + AFTER - 1)
    world.must_refuse(early, world.vault.settle_market, "stranger")


def test_settle_market__once_the_feed_is_back__stops_the_clock() -> None:
    world = dead_market()
    world.set_price(2_000)
    world.feed.set_broken(False)
    world.drain_log()
    world.vault.settle_market("stranger")
    assert world.drain_log() == [("vault", FeedReported(0))]
    assert views.settlement(world.vault) == (0, False, 0)


def test_accrual__while_the_clock_runs__stops_it_and_says_so() -> None:
    """Also in the second and at the price of the last accrual, which otherwise changes nothing."""
    world = World(FREE_OF_CARRY)
    position = world.open_position(10 * UNIT, 3_000 * TOKEN)
    world.feed.set_broken(True)
    world.vault.settle_market("stranger")
    world.feed.set_broken(False)
    world.drain_log()
    world.vault.remove_margin("trader_1", position, TOKEN)
    assert world.vault.dead_since == 0
    assert ("vault", Accrued(2_000 * WAD, 0, 0)) in world.drain_log()


def test_pool__of_a_feed_that_is_back__is_closed_until_the_clock_stops() -> None:
    """Its price is that of now all the same."""
    world = dead_market()
    world.set_price(2_100)
    world.feed.set_broken(False)
    pool, exposure = world.pool, world.vault.exposure()
    assert not exposure.live
    assert exposure.fair_value == views.fair_value(world.vault)
    limits = pool.max_deposit, pool.max_mint, pool.max_withdraw, pool.max_redeem
    assert [most("provider_1") for most in limits] == [0] * len(limits)
    world.vault.settle_market("stranger")
    assert world.vault.exposure() == replace(exposure, live=True)


def test_settle_market__when_a_newer_answer_got_too_old__starts_again() -> None:
    world = dead_market(broken=False)
    world.clock.advance(10)
    world.set_price(2_100)
    world.clock.advance(AFTER)
    now = world.clock.timestamp
    world.drain_log()
    world.vault.settle_market("stranger")
    assert world.drain_log() == [("vault", FeedReported(now))]
    assert world.vault.dead_since == now
    world.clock.advance(AFTER)
    world.vault.settle_market("stranger")
    assert world.vault.is_settled
    assert world.vault.carry.last_price == 2_100 * WAD


def test_settle_market__with_an_answer_that_can_be_read__accrues_up_to_it() -> None:
    world = World()
    world.open_position(10 * UNIT, 3_000 * TOKEN)
    world.clock.advance(100)
    world.set_price(2_050)
    given = world.clock.timestamp
    world.clock.advance(AGE + 1)
    world.vault.settle_market("stranger")
    world.clock.advance(AFTER)
    expected = world.vault.settlement_carry()
    world.drain_log()
    world.vault.settle_market("stranger")
    indices = expected.carry_long, expected.carry_short
    assert world.drain_log() == [("vault", Settled(2_050 * WAD, given, *indices))]
    assert indices > (0, 0)
    assert world.vault.carry == expected


@pytest.mark.parametrize("answer", [0, 2_000])
def test_settle_market__without_a_newer_answer__takes_the_last_price_used(answer: int) -> None:
    """One that is unusable, or older than the last accrual."""
    world = dead_market()
    carry = world.vault.carry
    world.feed.set_broken(False)
    world.feed.set(answer * 10**8, carry.last_accrual - 1)
    world.clock.advance(AFTER)
    world.vault.settle_market("stranger")
    assert world.vault.carry == carry
    assert world.vault.is_settled


def test_settled_market__for_new_risk__refuses_each_function_in_its_order() -> None:
    world = settled_market()
    vault, settled = world.vault, errors.MarketSettled()
    vault.pause("guardian")
    world.must_refuse(settled, vault.open, "trader_1", 0, 0, 0, 0)
    world.must_refuse(settled, vault.increase, "trader_1", 1, 0, 0, 0, 0)
    world.must_refuse(settled, vault.remove_margin, "trader_1", 1, 0)
    world.must_refuse(settled, vault.decrease, "trader_1", 1, 0, 0, 0)
    world.must_refuse(settled, vault.decrease, "trader_1", 1, 10 * UNIT - 1, 0, 0)
    world.must_refuse(settled, vault.deleverage, "trader_1", 1)
    world.must_refuse(settled, vault.fund_insurance, "trader_1", 0)
    world.must_refuse(settled, vault.settle_market, "trader_1")
    world.must_refuse(settled, views.preview_open, vault, 0, 0)
    world.must_refuse(settled, views.preview_deleverage, vault, 1)
    expired = errors.Expired(0, world.clock.timestamp)
    world.must_refuse(expired, vault.decrease, "trader_1", 1, 10 * UNIT, 0, 0)
    world.must_refuse(errors.NoPosition(3), vault.deleverage, "trader_1", 3)


def test_settled_market__seen_by_the_lens__has_its_price_and_nothing_safe() -> None:
    world = settled_market()
    assert views.status(world.vault, 1) is Status.LIQUIDATABLE
    assert views.liquidation_price(world.vault, 1) == views.max_removable(world.vault, 1) == 0
    assert views.settlement(world.vault) == (0, True, 0)
    assert analysis.liquidatable(world) == (1, 2)


def test_settled_market__for_its_positions__lets_everybody_go_without_a_fee() -> None:
    """Margin still comes in; it counts from the next second on."""
    world = settled_market()
    world.vault.add_margin("stranger", 1, TOKEN, "trader_1")
    assert world.vault.book.fresh_at == world.clock.timestamp
    equity = views.equity(world.vault, 1)
    moved = world.vault.close("trader_1", 1, 0, NO_LIMIT)
    assert (moved.payout, moved.pool_fee, moved.insurance_fee) == (equity, 0, 0)

    equity = views.equity(world.vault, 2)
    forced = world.vault.liquidate("stranger", 2)
    assert (forced.to_claimable, forced.fee, forced.reward_from_insurance) == (equity, 0, 0)
    assert world.events()[-1] != "Accrued"


def test_settled_market__for_its_providers__is_left_when_no_position_is() -> None:
    world = settled_market(replace(FREE_OF_CARRY, liquidity_fee_ppm=10_000))
    pool = world.pool
    shares = pool.balance_of("provider_1")
    assert pool.max_deposit("provider_1") == pool.max_redeem("provider_1") == 0
    for position in (1, 2):
        world.vault.liquidate("stranger", position)
    assert pool.max_deposit("provider_1") == 0
    worth = pool.balance()
    assert pool.redeem("provider_1", shares, "provider_1", "provider_1") == worth - 1  # of virtual shares


def test_last_position__with_something_owed__releases_insurance_for_that_alone() -> None:
    world = dead_market()
    world.feed.set_broken(False)
    world.move_price(20_000)
    world.vault.fund_insurance("stranger", 500_000 * TOKEN)
    pool, vault = world.pool, world.vault
    world.token.transfer("pool", "stranger", pool.balance() - 1_000 * TOKEN)
    world.clock.advance(AGE + 1)
    vault.settle_market("stranger")
    world.clock.advance(AFTER)
    vault.settle_market("stranger")
    outcome = analysis.settlement_outcome(world)
    vault.liquidate("stranger", 1)
    insurance, owed = vault.insurance, vault.total_owed
    world.drain_log()
    vault.liquidate("stranger", 2)
    events = [event for _, event in world.drain_log() if isinstance(event, InsuranceReleased)]
    assert [each.position_id for each in outcome] == [1, 2]
    assert outcome[0].claimable + outcome[0].owed == outcome[0].equity
    assert outcome[1].equity < 0 == outcome[1].claimable
    assert owed > 0
    assert vault.insurance == insurance - outcome[1].covered - sum(each.assets for each in events)
    assert pool.balance() >= vault.total_owed or vault.insurance == 0
    assert not events or pool.balance() == vault.total_owed or vault.insurance == 0


def test_settlement_outcome__of_a_live_market__is_that_of_its_price() -> None:
    world = World(FREE_OF_CARRY)
    world.open_position(10 * UNIT, 3_000 * TOKEN)
    (outcome,) = analysis.settlement_outcome(world)
    equity = views.equity(world.vault, 1)
    assert (outcome.equity, outcome.claimable, outcome.owed, outcome.pool_loss) == (equity, equity, 0, 0)
    assert not world.vault.is_settled


def test_settlement__without_positions__releases_at_once() -> None:
    """What the pool owes and has not is paid by insurance when the market is settled."""
    world = World(FREE_OF_CARRY)
    vault, pool = world.vault, world.pool
    position = world.open_position(10 * UNIT, 3_000 * TOKEN)
    vault.fund_insurance("stranger", 5_000 * TOKEN)
    world.token.transfer("pool", "stranger", pool.balance())
    world.move_price(2_500)
    world.close_position(position)
    owed = vault.total_owed
    assert owed > pool.balance()
    world.feed.set_broken(True)
    vault.settle_market("stranger")
    world.clock.advance(AFTER)
    world.drain_log()
    missing = owed - pool.balance()
    vault.settle_market("stranger")
    assert ("vault", InsuranceReleased(missing)) in world.drain_log()
    assert pool.balance() == owed
    assert vault.ledger().settled


def test_usable__of_any_answer__looks_at_everything_but_its_age() -> None:
    world = World()
    now = world.clock.timestamp
    feed = world.feed
    feed.set(10**8, 1)
    assert feed.usable(now) == (10**18, 1)
    for answer, updated_at in ((0, now), (10**8, 0), (10**8, now + 1), (2**200, now)):
        feed.set(answer, updated_at)
        assert feed.usable(now) is None

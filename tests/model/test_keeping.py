"""Liquidating and deleveraging in a market: refusals in order, and where every unit goes."""

from dataclasses import replace

import pytest
from isolated_margin import errors, views
from isolated_margin.book import NO_ROUND
from isolated_margin.events import Accrued, Deleveraged, Fill, Liquidated, Liquidation, Paid, Transfer
from isolated_margin.margin import EMPTY

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, WAD, World


@pytest.fixture
def market(long_market: World) -> World:
    """Return a market with a position."""
    return long_market


def test_liquidate__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    vault, now = market.vault, market.clock.timestamp
    vault.pause("guardian")
    market.feed.broken = True
    market.must_refuse(errors.NoPosition(2), vault.liquidate, "stranger", 2)
    market.must_refuse(errors.InvalidPrice(0), vault.liquidate, "stranger", 1)
    market.feed.broken = False
    market.set_price(1_800, age=3_601)
    market.must_refuse(errors.StalePrice(now - 3_601, now), vault.liquidate, "stranger", 1)
    market.set_price(1_800)
    market.must_refuse(errors.NotLiquidatable(98 * TOKEN, 90 * TOKEN), vault.liquidate, "stranger", 1)


def test_liquidate__at_the_liquidation_price__works_while_paused(market: World) -> None:
    """LIQ-1, LIQ-2: one step of the feed above, the position is safe."""
    answer = views.liquidation_price(market.vault, 1) // 10**10
    market.vault.pause("guardian")
    market.feed.set(answer + 1, market.clock.timestamp)
    equity, required = views.equity(market.vault, 1), views.maintenance_margin(market.vault, 1)
    market.must_refuse(errors.NotLiquidatable(equity, required), market.vault.liquidate, "stranger", 1)
    market.feed.set(answer, market.clock.timestamp)
    assert market.vault.liquidate("stranger", 1).fill.size_closed > 0


def test_liquidate__of_a_part__rewards_the_caller_and_leaves_the_target(market: World) -> None:
    """Loss to the pool, half of the fee to the liquidator, half to insurance; nothing to claim."""
    market.set_price(1_790)
    expected = views.preview_liquidation(market.vault, 1)
    wealth = market.token.balance_of("stranger")
    insurance = market.vault.insurance
    moved = market.vault.liquidate("stranger", 1)

    left = market.vault.position(1)
    assert moved == expected
    assert 0 < left.size < UNIT
    assert market.token.balance_of("stranger") == wealth + moved.reward_from_margin
    assert market.vault.insurance == insurance + moved.to_insurance
    assert moved.reward_from_insurance == moved.covered == moved.pool_loss == moved.to_claimable == 0
    assert market.drain_log() == [
        ("vault", Accrued(1_790 * WAD, 0, 0)),
        ("vault", Liquidated(1, "trader_1", "stranger", left, 1_790 * WAD, moved)),
        ("token", Transfer("vault", "pool", moved.fill.paid)),
        ("token", Transfer("vault", "stranger", moved.reward_from_margin)),
    ]
    assert views.equity(market.vault, 1) >= market.parameters.target(views.notional(market.vault, 1))


def test_liquidate__of_a_bankrupt__takes_insurance_then_the_pool(market: World) -> None:
    """Insurance gives a trading fee, 1.6 of the reward of 8, keeps as much for the other unit that is open,
    and covers the deficit with the rest; the owner keeps nothing.
    """
    market.open_position(-UNIT, 300 * TOKEN)
    market.vault.fund_insurance("provider_2", 20 * TOKEN)
    market.drain_log()
    insurance, fee = market.vault.insurance, 1_600_000
    market.set_price(1_600)
    moved = market.vault.liquidate("stranger", 1)

    assert moved == Liquidation(
        fill=Fill(UNIT, realised=-400 * TOKEN, paid=298 * TOKEN, owed=0, deficit=102 * TOKEN),
        fee=0,
        reward_from_margin=0,
        to_insurance=0,
        reward_from_insurance=fee,
        covered=insurance - 2 * fee,
        pool_loss=102 * TOKEN + 2 * fee - insurance,
        to_claimable=0,
    )
    assert market.vault.insurance == fee
    assert market.vault.position(1) == EMPTY
    assert [entry for _, entry in market.drain_log()][1:] == [
        Liquidated(1, "trader_1", "stranger", EMPTY, 1_600 * WAD, moved),
        Transfer("vault", "pool", 298 * TOKEN + insurance - 2 * fee),
        Transfer("vault", "stranger", fee),
    ]


def test_liquidate__of_everything__keeps_what_is_left_for_the_owner() -> None:
    """Margin left by a whole close waits in claimable: nobody's token can block a liquidation."""
    market = World(replace(FREE_OF_CARRY, min_notional=1_700 * TOKEN))
    market.open_position(UNIT, 300 * TOKEN)
    market.set_price(1_790)
    moved = market.vault.liquidate("stranger", 1)
    assert moved.fill.size_closed == UNIT
    assert moved.to_claimable == 298 * TOKEN - 210 * TOKEN - 17_900_000
    assert market.vault.claimable("trader_1") == moved.to_claimable
    assert market.vault.position(1) == EMPTY


def test_liquidate__of_a_winner_with_a_dry_pool__owes_the_profit() -> None:
    """A position can be liquidatable with a profit: when what it must hold outgrew it."""
    market = World(replace(FREE_OF_CARRY, min_notional=1_500 * TOKEN))
    market.open_position(UNIT, 300 * TOKEN)
    old = market.vault.position(1)
    thin = replace(old, margin=TOKEN, quote=-1_990 * TOKEN)
    market.vault.positions[1] = thin
    market.vault.book = market.vault.book.replaced(old, thin)
    market.token.transfer("pool", "stranger", market.pool.balance())
    moved = market.vault.liquidate("stranger", 1)

    assert moved.fill == Fill(UNIT, realised=10 * TOKEN, paid=0, owed=10 * TOKEN, deficit=0)
    assert (moved.fee, moved.reward_from_margin) == (TOKEN, TOKEN)
    assert market.vault.owed("trader_1") == market.vault.total_owed == 10 * TOKEN


@pytest.fixture
def strained() -> World:
    """Return a market whose longs win so much of a small pool that it is worth less than a tenth of them."""
    market = World(FREE_OF_CARRY, pool_assets=9_000 * TOKEN)
    market.open_position(8 * UNIT, 2_000 * TOKEN)
    market.open_position(UNIT, 250 * TOKEN, owner="trader_2")
    market.open_position(-UNIT, 2_000 * TOKEN, owner="trader_3")
    market.move_price(2_900)
    market.drain_log()
    return market


def test_deleverage__with_everything_wrong__names_each_refusal_in_order(strained: World) -> None:
    vault = strained.vault
    vault.pause("guardian")
    strained.feed.broken = True
    strained.must_refuse(errors.NoPosition(9), vault.deleverage, "stranger", 9)
    strained.must_refuse(errors.InvalidPrice(0), vault.deleverage, "stranger", 3)
    strained.feed.broken = False
    strained.must_refuse(
        errors.DeleverageNotNeeded(1_816 * TOKEN, 2_900 * TOKEN), vault.deleverage, "stranger", 3
    )
    strained.token.transfer("pool", "stranger", strained.pool.balance())
    strained.must_refuse(errors.NotProfitable(-900 * TOKEN), vault.deleverage, "stranger", 3)
    strained.must_refuse(errors.PoolEmpty(), vault.deleverage, "stranger", 1)
    strained.token.transfer("stranger", "pool", 9_016 * TOKEN)
    vault.deleverage("stranger", 1)
    strained.must_refuse(errors.AlreadyDeleveraged(1), vault.deleverage, "stranger", 1)


def test_deleverage__of_a_side__takes_its_share_of_each_and_rewards_the_caller(strained: World) -> None:
    """Profit moves from the pool into margin, a trading fee from margin to the caller; what is left is due no
    more, and small enough for the round to end.
    """
    vault, balance = strained.vault, strained.pool.balance()
    before, expected = vault.position(1), views.preview_deleverage(vault, 1)
    wealth = strained.token.balance_of("stranger")
    moved = vault.deleverage("stranger", 1)

    left, paid = vault.position(1), moved.fill.paid
    assert moved == expected
    assert left.margin == before.margin + paid - moved.reward
    assert strained.pool.balance() == balance - paid
    assert strained.token.balance_of("stranger") == wealth + moved.reward
    assert strained.drain_log() == [
        ("vault", Accrued(2_900 * WAD, 0, 0)),
        ("vault", Deleveraged(1, "trader_1", "stranger", left, 2_900 * WAD, moved)),
        ("pool", Paid("vault", paid)),
        ("token", Transfer("pool", "vault", paid)),
        ("token", Transfer("vault", "stranger", moved.reward)),
    ]
    vault.deleverage("stranger", 2)
    assert [side.due for side in views.sides(vault)] == [False, False]
    assert vault.ledger().long_size <= moved.round.round_keep
    assert vault.rounds(True) == moved.round
    assert vault.rounds(False) == NO_ROUND


def test_deleverage__of_everything__leaves_margin_to_claim_and_owes_the_rest(strained: World) -> None:
    """Where dust would stay all the profit is realised and owed; the margin is the owner's at once."""
    vault = strained.vault
    vault.parameters = replace(vault.parameters, min_notional=23_200 * TOKEN)
    strained.token.transfer("pool", "stranger", strained.pool.balance() - TOKEN)
    moved = vault.deleverage("stranger", 1)
    assert moved.fill == Fill(8 * UNIT, realised=7_200 * TOKEN, paid=TOKEN, owed=7_199 * TOKEN, deficit=0)
    assert moved.reward == 23_200_000
    assert moved.to_claimable == vault.claimable("trader_1") == 1_985 * TOKEN - moved.reward
    assert vault.owed("trader_1") == vault.total_owed == 7_199 * TOKEN
    assert vault.position(1) == EMPTY


def test_liquidate_and_deleverage__take_nothing_from_anybodys_wallet(strained: World) -> None:
    """ISO-3: no wallet, claimable or owed falls."""
    strained.vault.deleverage("stranger", 1)
    strained.set_price(1_500)
    accounts = ("trader_1", "trader_2", "trader_3", "stranger")

    def wealth() -> list[int]:
        vault, token = strained.vault, strained.token
        held = ((token.balance_of(a), vault.claimable(a), vault.owed(a)) for a in accounts)
        return [amount for account in held for amount in account]

    before = wealth()
    strained.vault.liquidate("stranger", 2)
    assert all(now >= then for now, then in zip(wealth(), before, strict=True))
    assert "vault.Liquidated" in strained.events()
    strained.close_position(3, owner="trader_3")

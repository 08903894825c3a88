"""Decreasing and closing a position: every refusal in order, then what moves."""

from dataclasses import replace
from typing import Any

import pytest
from isolated_margin import errors
from isolated_margin.events import Accrued, Decreased, DecreaseResult, Fill, Paid, Transfer
from isolated_margin.margin import EMPTY
from isolated_margin.permission import EVERYTHING, MAX_UINT64

from tests.model.worlds import FREE_OF_CARRY, NO_LIMIT, TOKEN, UNIT, WAD, World


@pytest.fixture
def market(long_market: World) -> World:
    """Return a market with a position."""
    return long_market


def test_decrease__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    vault = market.vault
    vault.pause("guardian")
    now = market.clock.timestamp
    who: dict[str, Any] = {"caller": "stranger", "position_id": 2}
    arguments: dict[str, Any] = {"size_delta": 0, "limit_price_wad": 2_001 * WAD, "deadline": now - 1}

    def call() -> DecreaseResult:
        return vault.decrease(**who, **arguments)

    market.feed.broken = True
    market.must_refuse(errors.NoPosition(2), call)
    who["position_id"] = 1
    market.must_refuse(errors.NotAuthorised("stranger", 1), call)
    who["caller"] = "trader_1"
    market.must_refuse(errors.Expired(now - 1, now), call)
    arguments["deadline"] = now
    market.must_refuse(errors.InvalidSize(0, UNIT), call)
    arguments["size_delta"] = UNIT + 1
    market.must_refuse(errors.InvalidSize(UNIT + 1, UNIT), call)
    arguments["size_delta"] = UNIT - UNIT // 1_000
    market.must_refuse(errors.InvalidPrice(0), call)
    market.feed.broken = False
    market.set_price(2_000, age=-1)
    market.must_refuse(errors.StalePrice(now + 1, now), call)
    market.set_price(2_000)
    market.must_refuse(errors.PriceLimit(2_000 * WAD, 2_001 * WAD), call)
    arguments["limit_price_wad"] = 0
    market.set_price(1_701)
    market.must_refuse(errors.Bankrupt(-TOKEN), call)
    market.set_price(2_000)
    market.must_refuse(errors.PositionTooSmall(2 * TOKEN, 10 * TOKEN), call)
    arguments["size_delta"] = 1
    market.set_price(1_703)
    market.must_refuse(errors.Liquidatable(TOKEN - 2, 85_150_000), call)
    market.set_price(2_000)
    call()


def test_close__with_everything_wrong__names_each_refusal_in_order() -> None:
    market = World(FREE_OF_CARRY)
    vault = market.vault
    market.open_position(-UNIT, 300 * TOKEN)
    now = market.clock.timestamp

    market.must_refuse(errors.NoPosition(2), vault.close, "stranger", 2, 0, now - 1)
    market.must_refuse(errors.NotAuthorised("stranger", 1), vault.close, "stranger", 1, 0, now - 1)
    market.must_refuse(errors.Expired(now - 1, now), vault.close, "trader_1", 1, 0, now - 1)
    market.feed.broken = True
    market.must_refuse(errors.InvalidPrice(0), vault.close, "trader_1", 1, 0, now)
    market.feed.broken = False
    market.set_price(2_299)
    market.must_refuse(errors.PriceLimit(2_299 * WAD, 0), vault.close, "trader_1", 1, 0, now)
    market.must_refuse(errors.Bankrupt(-TOKEN), vault.close, "trader_1", 1, NO_LIMIT, now)
    market.set_price(2_298)
    assert vault.close("trader_1", 1, NO_LIMIT, now).payout == 0


def test_decrease__of_a_part_at_a_profit__keeps_it_in_the_position(market: World) -> None:
    """The pool pays into margin what is left after its own fee; the event tells every amount."""
    market.set_price(2_200)
    moved = market.decrease_position(1, UNIT // 4)

    fill = Fill(UNIT // 4, realised=50 * TOKEN, paid=50 * TOKEN, owed=0, deficit=0)
    assert moved == DecreaseResult(fill, pool_fee=440_000, insurance_fee=110_000, payout=0)
    position = market.vault.position(1)
    assert (position.size, position.quote) == (UNIT - UNIT // 4, -1_500 * TOKEN)
    assert position.margin == 298 * TOKEN + 50 * TOKEN - 550_000
    assert market.drain_log() == [
        ("vault", Accrued(2_200 * WAD, 0, 0)),
        ("vault", Decreased(1, "trader_1", position, 2_200 * WAD, moved)),
        ("pool", Paid("vault", 49_560_000)),
        ("token", Transfer("pool", "vault", 49_560_000)),
    ]


def test_close__at_a_loss__pays_the_pool_then_the_owner(market: World) -> None:
    """Loss and fee in one transfer, the rest of margin to the owner; the position is gone."""
    market.vault.set_operator("trader_1", "operator", EVERYTHING, MAX_UINT64)
    market.drain_log()
    market.set_price(1_900)
    moved = market.vault.close("operator", 1, 1_900 * WAD, market.clock.timestamp)

    fill = Fill(UNIT, realised=-100 * TOKEN, paid=100 * TOKEN, owed=0, deficit=0)
    payout = 298 * TOKEN - 100 * TOKEN - 1_900_000
    assert moved == DecreaseResult(fill, pool_fee=1_520_000, insurance_fee=380_000, payout=payout)
    assert market.drain_log() == [
        ("vault", Accrued(1_900 * WAD, 0, 0)),
        ("vault", Decreased(1, "trader_1", EMPTY, 1_900 * WAD, moved)),
        ("token", Transfer("vault", "pool", 101_520_000)),
        ("token", Transfer("vault", "trader_1", payout)),
    ]
    assert market.vault.position(1) == EMPTY
    assert market.vault.ledger().long_size == 0


def test_close__when_the_pool_is_dry__owes_the_profit() -> None:
    """What the pool has is paid, the rest is owed; margin is never held back."""
    market = World(FREE_OF_CARRY)
    market.open_position(-UNIT, 300 * TOKEN)
    market.token.transfer("pool", "stranger", market.pool.balance() - 30 * TOKEN)
    market.set_price(1_900)
    moved = market.close_position(1)
    assert moved.fill == Fill(UNIT, realised=100 * TOKEN, paid=30 * TOKEN, owed=70 * TOKEN, deficit=0)
    assert moved.payout == 298 * TOKEN + 30 * TOKEN - 1_900_000
    assert market.vault.owed("trader_1") == market.vault.ledger().total_owed == 70 * TOKEN
    assert market.pool.balance() == 1_520_000


def test_decrease__when_the_pool_is_dry__keeps_the_profit_in_quote() -> None:
    market = World(FREE_OF_CARRY)
    market.open_position(-UNIT, 300 * TOKEN)
    market.token.transfer("pool", "stranger", market.pool.balance())
    market.set_price(1_900)
    moved = market.decrease_position(1, UNIT // 2)
    assert moved.fill == Fill(UNIT // 2, realised=50 * TOKEN, paid=0, owed=0, deficit=0)
    assert market.vault.position(1).quote == 1_000 * TOKEN + 50 * TOKEN
    assert market.vault.ledger().total_owed == 0


def test_close__with_less_left_than_the_fee__takes_what_is_left(market: World) -> None:
    """The fee is at most the margin after realising, split after that."""
    market.set_price(1_703)
    moved = market.close_position(1)
    assert (moved.pool_fee, moved.insurance_fee, moved.payout) == (800_000, 200_000, 0)
    market.drain_log()


def test_close__where_fee_and_profit_meet__moves_nothing_to_or_from_the_pool() -> None:
    """From 1,920 to 2,000 a unit wins 80, which is also the fee of 4 %."""
    market = World(replace(FREE_OF_CARRY, trading_fee_ppm=40_000, insurance_share_ppm=0))
    market.set_price(1_920)
    market.open_position(UNIT, 600 * TOKEN)
    market.set_price(2_000)
    market.drain_log()
    moved = market.close_position(1)
    assert moved.fill.paid == moved.pool_fee == 80 * TOKEN
    assert market.events() == ["vault.Accrued", "vault.Decreased", "token.Transfer"]

"""Decreasing and closing a position: every refusal in order, then what moves."""

from dataclasses import replace
from typing import Any

import pytest
from isolated_margin.errors import (
    Bankrupt,
    Expired,
    InvalidPrice,
    InvalidSize,
    Liquidatable,
    NoPosition,
    NotAuthorised,
    PositionTooSmall,
    PriceLimit,
    StalePrice,
)
from isolated_margin.events import Accrued, Decrease, Decreased, Fill, Paid, Transfer
from isolated_margin.margin import EMPTY

from tests.model.worlds import (
    FOREVER,
    FREE_OF_CARRY,
    NO_LIMIT,
    TOKEN,
    UNIT,
    WAD,
    assert_refused,
    close_position,
    decrease_position,
    events,
    new_market,
    open_position,
    set_price,
)


def test_decrease__with_everything_wrong__names_each_refusal_in_order() -> None:
    """Repairing what was named meets the next one; a pause is no matter."""
    market = new_market(FREE_OF_CARRY)
    vault = market.vault
    open_position(market, UNIT, 300 * TOKEN)
    vault.pause("guardian")
    now = market.clock.timestamp
    who: dict[str, Any] = {"caller": "stranger", "position_id": 2}
    arguments: dict[str, Any] = {
        "size_delta": 0,
        "limit_price_wad": 2_001 * WAD,
        "deadline": now - 1,
    }

    def call() -> Decrease:
        return vault.decrease(**who, **arguments)

    market.feed.broken = True
    assert_refused(market, call, NoPosition(2))
    who["position_id"] = 1
    assert_refused(market, call, NotAuthorised("stranger", 1))
    who["caller"] = "trader_1"
    assert_refused(market, call, Expired(now - 1, now))
    arguments["deadline"] = now
    assert_refused(market, call, InvalidSize(0, UNIT))
    arguments["size_delta"] = UNIT + 1
    assert_refused(market, call, InvalidSize(UNIT + 1, UNIT))
    arguments["size_delta"] = UNIT - UNIT // 1_000
    assert_refused(market, call, InvalidPrice(0))
    market.feed.broken = False
    set_price(market, 2_000, age=-1)
    assert_refused(market, call, StalePrice(now + 1, now))
    set_price(market, 2_000)
    assert_refused(market, call, PriceLimit(2_000 * WAD, 2_001 * WAD))
    arguments["limit_price_wad"] = 0
    set_price(market, 1_701)
    assert_refused(market, call, Bankrupt(-TOKEN))
    set_price(market, 2_000)
    assert_refused(market, call, PositionTooSmall(2 * TOKEN, 10 * TOKEN))
    arguments["size_delta"] = 1
    set_price(market, 1_703)
    assert_refused(market, call, Liquidatable(TOKEN - 2, 85_150_000))
    set_price(market, 2_000)
    call()


def test_close__with_everything_wrong__names_each_refusal_in_order() -> None:
    """As decrease, but for the size."""
    market = new_market(FREE_OF_CARRY)
    vault = market.vault
    open_position(market, -UNIT, 300 * TOKEN)
    now = market.clock.timestamp

    assert_refused(market, lambda: vault.close("stranger", 2, 0, now - 1), NoPosition(2))
    assert_refused(market, lambda: vault.close("stranger", 1, 0, now - 1), NotAuthorised("stranger", 1))
    assert_refused(market, lambda: vault.close("trader_1", 1, 0, now - 1), Expired(now - 1, now))
    market.feed.broken = True
    assert_refused(market, lambda: vault.close("trader_1", 1, 0, now), InvalidPrice(0))
    market.feed.broken = False
    set_price(market, 2_299)
    assert_refused(market, lambda: vault.close("trader_1", 1, 0, now), PriceLimit(2_299 * WAD, 0))
    assert_refused(market, lambda: vault.close("trader_1", 1, NO_LIMIT, now), Bankrupt(-TOKEN))
    set_price(market, 2_298)
    assert vault.close("trader_1", 1, NO_LIMIT, now).payout == 0


def test_decrease__of_a_part_at_a_profit__keeps_it_in_the_position() -> None:
    """The pool pays into margin what is left after its own fee; the event tells every amount."""
    market = new_market(FREE_OF_CARRY)
    open_position(market, UNIT, 300 * TOKEN)
    market.drain_log()
    set_price(market, 2_200)
    moved = decrease_position(market, 1, UNIT // 4)

    fill = Fill(UNIT // 4, realised=50 * TOKEN, paid=50 * TOKEN, owed=0, deficit=0)
    assert moved == Decrease(fill, pool_fee=440_000, insurance_fee=110_000, payout=0)
    position = market.vault.position(1)
    assert (position.size, position.margin, position.quote) == (
        UNIT - UNIT // 4,
        298 * TOKEN + 50 * TOKEN - 550_000,
        -1_500 * TOKEN,
    )
    assert market.drain_log() == [
        ("vault", Accrued(2_200 * WAD, 0, 0)),
        ("vault", Decreased(1, "trader_1", position, 2_200 * WAD, moved)),
        ("pool", Paid("vault", 49_560_000)),
        ("token", Transfer("pool", "vault", 49_560_000)),
    ]


def test_close__at_a_loss__pays_the_pool_then_the_owner() -> None:
    """Loss and fee in one transfer, the rest of margin to the owner; the position is gone."""
    market = new_market(FREE_OF_CARRY)
    open_position(market, UNIT, 300 * TOKEN)
    market.vault.set_operator("trader_1", "operator", True)
    market.drain_log()
    set_price(market, 1_900)
    moved = market.vault.close("operator", 1, 1_900 * WAD, market.clock.timestamp)

    fill = Fill(UNIT, realised=-100 * TOKEN, paid=100 * TOKEN, owed=0, deficit=0)
    payout = 298 * TOKEN - 100 * TOKEN - 1_900_000
    assert moved == Decrease(fill, pool_fee=1_520_000, insurance_fee=380_000, payout=payout)
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
    market = new_market(FREE_OF_CARRY)
    open_position(market, -UNIT, 300 * TOKEN)
    market.token.transfer("pool", "stranger", market.pool.balance() - 30 * TOKEN)
    set_price(market, 1_900)
    moved = close_position(market, 1)

    assert moved.fill == Fill(UNIT, realised=100 * TOKEN, paid=30 * TOKEN, owed=70 * TOKEN, deficit=0)
    assert moved.payout == 298 * TOKEN + 30 * TOKEN - 1_900_000
    assert market.vault.owed("trader_1") == market.vault.ledger().total_owed == 70 * TOKEN
    assert market.pool.balance() == 1_520_000


def test_decrease__when_the_pool_is_dry__keeps_the_profit_in_quote() -> None:
    """Nothing is owed while the position lives, and its equity is whole but for the fee."""
    market = new_market(FREE_OF_CARRY)
    open_position(market, -UNIT, 300 * TOKEN)
    market.token.transfer("pool", "stranger", market.pool.balance())
    set_price(market, 1_900)
    moved = decrease_position(market, 1, UNIT // 2)

    assert moved.fill == Fill(UNIT // 2, realised=50 * TOKEN, paid=0, owed=0, deficit=0)
    assert market.vault.position(1).quote == 1_000 * TOKEN + 50 * TOKEN
    assert market.vault.ledger().total_owed == 0


def test_close__with_less_left_than_the_fee__takes_what_is_left() -> None:
    """The fee is at most the margin after realising, split after that."""
    market = new_market(FREE_OF_CARRY)
    open_position(market, UNIT, 300 * TOKEN)
    set_price(market, 1_703)
    moved = close_position(market, 1)

    assert (moved.pool_fee, moved.insurance_fee, moved.payout) == (800_000, 200_000, 0)
    market.drain_log()


def test_close__where_fee_and_profit_meet__moves_nothing_to_or_from_the_pool() -> None:
    """A net of zero is skipped."""
    market = new_market(replace(FREE_OF_CARRY, trading_fee_ppm=0))
    open_position(market, UNIT, 300 * TOKEN)
    market.drain_log()
    moved = close_position(market, 1)

    assert moved.fill.realised == 0
    assert events(market) == ["vault.Decreased", "token.Transfer"]


@pytest.mark.parametrize("bad", [1.0, True, -1, 2**256])
def test_decrease__with_no_words__is_rejected(bad: Any) -> None:
    """Whichever argument it is."""
    market = new_market()
    open_position(market, UNIT, 300 * TOKEN)
    for arguments in ((bad, 1, 0, FOREVER), (1, bad, 0, FOREVER), (1, 1, bad, FOREVER), (1, 1, 0, bad)):
        with pytest.raises((TypeError, ValueError), match=str(bad)):
            market.vault.decrease("trader_1", *arguments)
    for last in ((bad, 0, FOREVER), (1, bad, FOREVER), (1, 0, bad)):
        with pytest.raises((TypeError, ValueError), match=str(bad)):
            market.vault.close("trader_1", *last)

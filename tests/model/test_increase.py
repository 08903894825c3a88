"""Increasing a position: every refusal in order, then what moves."""

from dataclasses import replace
from typing import Any

from isolated_margin import errors
from isolated_margin.events import Increased, Transfer
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE
from isolated_margin.permission import EVERYTHING, MAX_UINT64

from tests.model.worlds import FOREVER, NO_LIMIT, TOKEN, UNIT, WAD, World


def test_increase__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    vault = market.vault
    market.open_position(-UNIT, 300 * TOKEN)
    now = market.clock.timestamp
    who: dict[str, Any] = {"caller": "stranger", "position_id": 2}
    arguments: dict[str, Any] = {
        "size_delta": 0,
        "margin": 2**127,
        "limit_price_wad": NO_LIMIT,
        "deadline": now - 1,
    }

    def call() -> None:
        vault.increase(**who, **arguments)

    vault.pause("owner")
    market.feed.broken = True
    market.must_refuse(errors.NoPosition(2), call)
    who["position_id"] = 1
    market.must_refuse(errors.NotAuthorised("stranger", 1), call)
    who["caller"] = "trader_1"
    market.must_refuse(errors.MarketPaused(), call)
    vault.unpause("owner")
    market.must_refuse(errors.Expired(now - 1, now), call)
    arguments["deadline"] = now
    market.must_refuse(errors.ZeroSize(), call)
    for too_large in (2**256 - 1, 2**255, MAX_SIZE + 1):
        arguments["size_delta"] = too_large
        market.must_refuse(errors.InvalidSize(too_large, MAX_SIZE), call)
    arguments["size_delta"] = MAX_SIZE
    market.must_refuse(errors.AmountTooLarge(2**127, MAX_ASSETS), call)
    arguments["margin"] = MAX_ASSETS
    market.must_refuse(errors.AmountTooLarge(MAX_ASSETS + 298 * TOKEN, MAX_ASSETS), call)
    arguments["margin"] = 0
    market.must_refuse(errors.InvalidPrice(0), call)
    market.feed.broken = False
    market.must_refuse(errors.PriceLimit(2_000 * WAD, NO_LIMIT), call)
    arguments["limit_price_wad"] = 2_000 * WAD
    market.must_refuse(errors.OpenInterestExceeded(MAX_SIZE + UNIT, 1_000 * UNIT), call)
    free = market.pool.balance() // 2
    market.token.transfer("pool", "stranger", market.pool.balance() - free)
    arguments["size_delta"] = 999 * UNIT
    market.must_refuse(errors.InsufficientLiquidity(2_000_000 * TOKEN, free), call)
    arguments["size_delta"] = UNIT // 1_000
    market.set_price(9)
    arguments["limit_price_wad"] = 0
    market.must_refuse(errors.PositionTooSmall(9_009_000, 10 * TOKEN), call)
    market.set_price(2_000)
    arguments["size_delta"] = 200 * UNIT
    market.must_refuse(errors.InsufficientMargin(298 * TOKEN, 400 * TOKEN), call)
    arguments["size_delta"] = UNIT
    arguments["margin"] = 104 * TOKEN - 1
    market.must_refuse(errors.BelowInitialMargin(400 * TOKEN - 1, 400 * TOKEN), call)
    arguments["margin"] = 104 * TOKEN
    market.token.transfer("trader_1", "stranger", market.token.balance_of("trader_1"))
    market.must_refuse(errors.ERC20InsufficientBalance("trader_1", 0, 104 * TOKEN), call)
    market.token.transfer("stranger", "trader_1", 104 * TOKEN)
    call()


def test_increase__adds_to_size_and_margin_at_the_price_of_now(market: World) -> None:
    position_id = market.open_position(UNIT, 1_000 * TOKEN)
    market.drain_log()
    market.move_price(2_100, seconds=3_600)
    before = market.vault.position(position_id)
    market.vault.increase("trader_1", position_id, UNIT, 10 * TOKEN, NO_LIMIT, FOREVER)

    after = market.vault.position(position_id)
    assert (after.size, after.margin) == (2 * UNIT, before.margin + 7_900_000)
    assert after.carry_entry == market.vault.carry.carry_long > before.carry_entry
    carry = -(-(after.carry_entry - before.carry_entry) * UNIT // 10**30)
    assert after.quote == before.quote - carry - 2_100 * TOKEN
    (_, increased, *transfers) = (entry for _, entry in market.drain_log())
    assert increased == Increased(
        1, "trader_1", after, UNIT, 10 * TOKEN, 2_100 * WAD, 1_680_000, 420_000, 7_900_000
    )
    assert transfers == [Transfer("trader_1", "vault", 10 * TOKEN), Transfer("vault", "pool", 1_680_000)]


def test_increase__by_an_operator__is_paid_by_the_operator(market: World) -> None:
    position_id = market.open_position(-UNIT, 1_000 * TOKEN)
    market.vault.set_operator("trader_1", "operator", EVERYTHING, MAX_UINT64)
    wealth = market.token.balance_of("operator")
    market.vault.increase("operator", position_id, UNIT, 50 * TOKEN, 0, FOREVER)
    assert market.token.balance_of("operator") == wealth - 50 * TOKEN
    assert market.vault.position(position_id).owner == "trader_1"
    assert market.vault.position(position_id).size == -2 * UNIT


def test_increase__with_margin_to_spare__may_bring_none(market: World) -> None:
    """Nothing is pulled then, and no allowance is needed."""
    position_id = market.open_position(UNIT, 1_000 * TOKEN)
    market.token.approve("trader_1", "vault", 0)
    market.drain_log()
    market.vault.increase("trader_1", position_id, UNIT, 0, NO_LIMIT, FOREVER)
    assert market.events() == ["vault.Increased", "token.Transfer"]


def test_increase__on_unrealised_profit_alone__is_refused(market: World) -> None:
    """Guarded equity: a profit on paper backs no new risk, a loss counts."""
    position_id = market.open_position(UNIT, 202 * TOKEN)
    market.set_price(3_000)
    refusal = errors.BelowInitialMargin(197 * TOKEN, 600 * TOKEN)
    market.must_refuse(refusal, market.vault.increase, "trader_1", position_id, UNIT, 0, NO_LIMIT, FOREVER)
    market.set_price(1_900)
    with_loss = replace(market.vault.position(position_id), margin=10**12)
    market.vault.positions[position_id] = with_loss
    market.vault.increase("trader_1", position_id, UNIT, 0, NO_LIMIT, FOREVER)

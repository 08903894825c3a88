"""A market as a value: deployed or refused, copied, compared, drained."""

from dataclasses import replace
from typing import Any

import pytest
from isolated_margin import errors
from isolated_margin.market import Market

from tests.model.worlds import FOREVER, NO_LIMIT, PARAMETERS, TOKEN, UNIT, World, must_refuse

DEPLOYMENT: dict[str, Any] = {
    "collateral_decimals": 18,
    "feed_decimals": 36,
    "owner": "owner",
    "guardian": "",
    "deployed_at": 5,
}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"owner": "", "collateral_decimals": 19}, errors.OwnableInvalidOwner("")),
        ({"collateral_decimals": 19, "feed_decimals": 37}, errors.InvalidParameter("collateral")),
        ({"feed_decimals": 37, "parameters": replace(PARAMETERS, tiers=())}, errors.InvalidParameter("feed")),
        ({"parameters": replace(PARAMETERS, tiers=())}, errors.InvalidParameter("tiers")),
    ],
)
def test_market__deployed_wrongly__is_refused_in_order(
    changes: dict[str, Any], refusal: errors.Refusal
) -> None:
    must_refuse(refusal, lambda: Market(**{"parameters": PARAMETERS} | DEPLOYMENT | changes))


def test_market__when_deployed__has_nothing_yet() -> None:
    """The first id is 1, carry starts at the deployment's time without a price."""
    market = Market(PARAMETERS, **DEPLOYMENT)
    ledger = market.vault.ledger()
    assert (ledger.next_id, ledger.last_accrual, ledger.last_price, ledger.paused) == (1, 5, 0, False)
    assert (ledger.carry_long, ledger.carry_short, ledger.insurance, ledger.total_owed) == (0, 0, 0, 0)
    assert market.log == []
    assert market.pool.total_assets() == 0


def test_copy__is_equal_and_lives_its_own_life(market: World) -> None:
    market.open_position(UNIT, 300 * TOKEN)
    twin = market.copy()
    assert twin == market
    assert twin.log == []
    twin.vault.open("trader_1", UNIT, 300 * TOKEN, NO_LIMIT, FOREVER)
    assert twin != market
    assert market.vault.ledger().next_id == 2
    market.open_position(UNIT, 300 * TOKEN)
    assert twin == market


@pytest.mark.parametrize(
    "change",
    [
        lambda market: market.clock.advance(1),
        lambda market: market.set_price(2_001),
        lambda market: market.token.mint("stranger", 1),
        lambda market: market.token.permit("stranger", "vault", 2**256 - 1),
        lambda market: market.vault.pause("owner"),
        lambda market: market.pool.approve("stranger", "operator", 1),
    ],
)
def test_equality__sees_every_part(market: World, change: Any) -> None:
    twin = market.copy()
    change(market)
    assert twin != market


def test_equality__is_of_markets_with_the_same_terms(market: World) -> None:
    """Other terms, or another kind of thing, are never equal; a zero is as good as nothing."""
    twin = market.copy()
    twin.token.transfer("nobody_yet", "nobody_else", 0)
    assert twin == market
    assert market != "market"
    assert World(replace(PARAMETERS, trading_fee_ppm=1)) != World()
    with pytest.raises(TypeError):
        hash(market)


def test_drain_log__gives_each_entry_once(market: World) -> None:
    market.token.mint("stranger", 1)
    logged = list(market.log)
    assert market.drain_log() == logged
    assert market.drain_log() == []


def test_clock__begins_a_block_with_every_second() -> None:
    """0 stays in the block."""
    clock = World().clock
    block, timestamp = clock.block, clock.timestamp
    clock.advance(0)
    assert (clock.block, clock.timestamp) == (block, timestamp)
    clock.advance(7)
    assert (clock.block, clock.timestamp) == (block + 1, timestamp + 7)


def test_refusal__tells_its_name_and_numbers() -> None:
    refusal = errors.NoPosition(7)
    assert (refusal.name, refusal.args) == ("NoPosition", (7,))

"""The views say what execution in the same block does."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin import errors, views
from isolated_margin.exposure import SideView
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.margin import Status
from isolated_margin.vault import Vault

from tests.model.worlds import FOREVER, TOKEN, UNIT, WAD, World, any_price, thorough

OF_A_POSITION: tuple[Callable[[Vault, int], object], ...] = (
    views.equity,
    views.pnl,
    views.status,
    views.notional,
    views.maintenance_margin,
    views.initial_margin,
    views.liquidation_price,
    views.max_removable,
    views.preview_liquidation,
)


@pytest.fixture
def market() -> World:
    """Return a market with a long of one unit and an hour of carry behind it."""
    market = World()
    market.open_position(UNIT, 300 * TOKEN)
    market.move_price(2_000, seconds=3_600)
    return market


@pytest.mark.parametrize("view", OF_A_POSITION)
def test_view__of_no_position__is_refused_before_the_price(
    market: World, view: Callable[[Vault, Any], object]
) -> None:
    market.feed.broken = True
    market.must_refuse(errors.NoPosition(2), view, market.vault, 2)
    market.must_refuse(errors.InvalidPrice(0), view, market.vault, 1)


def test_fair_value__with_a_dead_feed__is_refused(market: World) -> None:
    market.feed.broken = True
    market.must_refuse(errors.InvalidPrice(0), views.fair_value, market.vault)


def test_getters__need_no_price(market: World) -> None:
    market.feed.broken = True
    vault = market.vault
    assert vault.position(1).size == UNIT
    assert vault.position(2).owner == ""
    assert (vault.claimable("trader_1"), vault.owed("trader_1"), vault.nonces("trader_1")) == (0, 0, 0)
    assert not vault.operators("trader_1", "operator")
    ledger = vault.ledger()
    assert (ledger.long_size, ledger.short_size) == (UNIT, 0)
    assert (ledger.long_quote, ledger.long_margin) == (-2_000 * TOKEN, 298 * TOKEN)
    assert (ledger.last_price, ledger.last_accrual) == (2_000 * WAD, market.clock.timestamp - 3_600)


def test_views__count_the_carry_of_now(market: World) -> None:
    """An hour at 2,000: the long owes borrowing and funding, though nothing was accrued yet."""
    vault = market.vault
    rate_wad = 10**10 + 10**11 // 1_000
    owed = -(-rate_wad * 2_000 * 3_600 * TOKEN // WAD)

    assert views.pnl(vault, 1) == -owed
    assert views.equity(vault, 1) == 298 * TOKEN - owed
    assert views.fair_value(vault) == vault.pool.balance() + owed
    carry, margin = rate_wad * 2_000 * 3_600, 298 * TOKEN
    longs = SideView(UNIT, -2_000 * TOKEN, margin, 0, carry, -owed, margin, gap=0, due=False)
    shorts = SideView(0, 0, 0, 0, (10**10 - 10**11 // 1_000) * 2_000 * 3_600, 0, 0, gap=0, due=False)
    assert views.sides(vault) == (longs, shorts)
    assert views.status(vault, 1) is Status.HEALTHY
    assert views.notional(vault, 1) == 2_000 * TOKEN
    assert views.initial_margin(vault, 1) == 2 * views.maintenance_margin(vault, 1) == 200 * TOKEN
    assert views.max_removable(vault, 1) == 98 * TOKEN - owed


@thorough
@given(st.integers(1_000, 3_000), st.integers(0, 10**6), st.booleans(), st.booleans())
def test_views__of_any_market__are_what_execution_does(
    price: int, seconds: int, is_long: bool, is_paused: bool
) -> None:
    """What may be removed is let go and no more; what is previewed is liquidated, or refused alike."""
    market = World()
    market.open_position(UNIT if is_long else -UNIT, 400 * TOKEN)
    market.move_price(price, seconds)
    if is_paused:
        market.vault.pause("owner")
    vault, twin = market.vault, market.copy()
    removable = views.max_removable(vault, 1)
    status, equity = views.status(vault, 1), views.equity(vault, 1)
    with pytest.raises(errors.Refusal):
        vault.remove_margin("trader_1", 1, removable + 1)
    if removable:
        twin.vault.remove_margin("trader_1", 1, removable)
    if status > Status.LIQUIDATABLE:
        required = views.maintenance_margin(vault, 1)
        refusal = errors.NotLiquidatable(equity, required)
        market.must_refuse(refusal, views.preview_liquidation, vault, 1)
        market.must_refuse(refusal, vault.liquidate, "stranger", 1)
    else:
        assert views.preview_liquidation(vault, 1) == vault.liquidate("stranger", 1)


def test_views__change_nothing(market: World) -> None:
    market.set_price(1_700)
    before = market.copy()
    market.drain_log()
    for view in OF_A_POSITION:
        view(market.vault, 1)
    views.preview_open(market.vault, UNIT, 300 * TOKEN)
    views.fair_value(market.vault)
    assert market == before
    assert market.log == []


@pytest.mark.parametrize("size", [UNIT, -UNIT, 7 * UNIT // 3])
def test_preview_open__is_what_open_does(market: World, size: int) -> None:
    """Price, notional, fee, requirement, equity and liquidation price; for nobody in particular."""
    too_much = errors.OpenInterestExceeded(1_001 * UNIT, 1_000 * UNIT)
    market.must_refuse(too_much, views.preview_open, market.vault, 1_000 * UNIT, 0)
    preview = views.preview_open(market.vault, size, 600 * TOKEN)
    wealth = market.vault.insurance + market.pool.balance()
    position_id = market.vault.open("trader_2", size, 600 * TOKEN, any_price(size), FOREVER)
    assert preview.price_wad == 2_000 * WAD
    assert preview.notional == views.notional(market.vault, position_id)
    assert preview.fee == market.vault.insurance + market.pool.balance() - wealth
    assert preview.initial_margin == views.initial_margin(market.vault, position_id)
    assert preview.equity == views.equity(market.vault, position_id)
    assert preview.liquidation_price_wad == views.liquidation_price(market.vault, position_id)
    assert views.preview_open(market.vault, UNIT, MAX_ASSETS).equity == MAX_ASSETS - 2 * TOKEN

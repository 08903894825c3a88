"""Debts of the pool add up, and all that asks what is free takes them off."""

from dataclasses import replace

import pytest
from isolated_margin.book import Book
from isolated_margin.carry import Carry
from isolated_margin.exposure import Exposure, exposure
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.share_price import available, in_nav, max_deposit, out_nav

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, World

OWING = Exposure(
    live=True, net_trader_pnl=0, total_owed=400, reserved=700, liquidity_fee_ppm=0, deleveraging=False
)


@pytest.fixture
def indebted() -> tuple[World, list[int]]:
    """Return a market whose pool can't pay three winners, and what is owed for each of their positions."""
    market = World(FREE_OF_CARRY, pool_assets=10_000 * TOKEN)
    owners = ("trader_1", "trader_1", "trader_2")
    ids = [market.open_position(3 * UNIT, 2_000 * TOKEN, owner) for owner in owners]
    market.move_price(8_000)
    debts = [
        market.close_position(position, owner).fill.owed for position, owner in zip(ids, owners, strict=True)
    ]
    return market, debts


def test_owed__of_two_closes__is_their_sum(indebted: tuple[World, list[int]]) -> None:
    market, (first, second, third) = indebted
    assert min(first, second, third) > 0
    assert market.vault.owed("trader_1") == first + second
    assert market.vault.owed("trader_2") == third
    assert market.vault.total_owed == first + second + third


@pytest.mark.parametrize("beyond", [-1, 0, 1, 5_000 * TOKEN])
def test_free__is_what_the_pool_has_beyond_its_debts(indebted: tuple[World, list[int]], beyond: int) -> None:
    market, debts = indebted
    market.token.mint("pool", sum(debts) + beyond - market.pool.balance())
    assert market.vault.free() == max(0, beyond)


@pytest.mark.parametrize(("net_pnl", "is_due"), [(300, False), (301, True)])
def test_exposure__with_debts__is_that_of_a_smaller_pool(net_pnl: int, is_due: bool) -> None:
    """Half of the 600 that are free may be traders' profit."""
    book = Book(long_size=UNIT, short_size=0, quote_sum=net_pnl - 1_000, carry_basis=0)
    terms = replace(FREE_OF_CARRY, adl_trigger_ppm=500_000)
    made = exposure(book, Carry(0, 0, 0, 0), 1_000, 10**18, terms, 1_000, 400, True)
    assert (made.net_trader_pnl, made.total_owed, made.deleveraging) == (net_pnl, 400, is_due)


def test_exposure__of_a_pool_that_owes_more_than_it_has__leaves_no_profit_alone() -> None:
    """Nothing is free, so that one unit of profit is too much."""
    book = Book(long_size=UNIT, short_size=0, quote_sum=-999, carry_basis=0)
    terms = replace(FREE_OF_CARRY, adl_trigger_ppm=1_000_000)
    assert exposure(book, Carry(0, 0, 0, 0), 1_000, 10**18, terms, 400, 400, True).deleveraging


def test_nav__is_without_what_is_owed() -> None:
    assert (out_nav(1_000, OWING), in_nav(1_000, OWING)) == (600, 600)
    losing, winning = (replace(OWING, net_trader_pnl=pnl) for pnl in (-50, 50))
    assert (out_nav(1_000, losing), in_nav(1_000, losing)) == (600, 650)
    assert (out_nav(1_000, winning), in_nav(1_000, winning)) == (550, 600)
    assert (out_nav(300, OWING), in_nav(300, OWING)) == (0, 0)


def test_available__is_what_is_not_reserved() -> None:
    assert [available(balance, OWING) for balance in (699, 700, 701)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("owed", "balance", "is_open"), [(0, 0, True), (1, 0, False), (1, 1, False), (1, 2, True), (5, 5, False)]
)
def test_max_deposit__where_all_is_owed__is_nothing(owed: int, balance: int, is_open: bool) -> None:
    limit = max_deposit(balance, 0, replace(OWING, total_owed=owed))
    assert limit == (MAX_ASSETS - balance if is_open else 0)

"""Debts of the pool add up, and all that asks what is free takes them off."""

from dataclasses import replace

import pytest
from isolated_margin.book import Book, BookSide, SideValue, side_value
from isolated_margin.carry import Carry
from isolated_margin.exposure import Exposure, exposure, fair_value, is_due
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.share_price import max_deposit

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, World


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


def value(pnl: int, margin: int = 0, fresh: int = 0) -> SideValue:
    """Return what a side of this profit and these margins means for the pool."""
    return side_value(BookSide(0, pnl, margin, 0, fresh), 0, 1, 10**18, is_long=True)


@pytest.mark.parametrize(
    ("pnl", "fair"), [(0, 600), (50, 550), (-50, 650), (-80, 680), (-81, 680), (700, -100)]
)
def test_fair_value__is_without_debts_and_what_a_side_can_get_or_pay(pnl: int, fair: int) -> None:
    """A loss counts as far as the side's margins go; a profit counts whole."""
    assert fair_value((value(pnl, 80), value(0)), 1_000, 400) == fair
    assert fair_value((value(0), value(pnl, 80)), 1_000, 400) == fair


def test_fair_value__of_two_sides__lets_neither_pay_for_the_other() -> None:
    assert fair_value((value(-100, 30), value(100)), 1_000, 0) == 930


@pytest.mark.parametrize(("pnl", "gap"), [(1, 0), (-80, 0), (-81, 1)])
def test_gap__is_what_margins_cannot_pay(pnl: int, gap: int) -> None:
    assert value(pnl, 80).gap == gap


@pytest.mark.parametrize(("fresh", "counted"), [(30, 50), (0, 80), (81, 0)])
def test_counted__is_without_what_came_in_this_second(fresh: int, counted: int) -> None:
    assert value(-80, 80, fresh) == SideValue(-80, counted, 80 - counted)


def test_fresh__adds_up_in_its_second_and_is_paid_out_first() -> None:
    sums = Book(BookSide(0, 0, 100, 0), BookSide(0, 0, 100, 0))
    book = sums.freshened(1, 30, 7).freshened(1, 0, 8).freshened(1, 5, 7).freshened(-1, 4, 7)
    assert fresh(book.as_of(7)) == (35, 4)
    assert fresh(book.as_of(8)) == (0, 0)
    assert [fresh(book.paid_out(1, assets, 7)) for assets in (0, 34, 36)] == [(35, 4), (1, 4), (0, 4)]
    assert fresh(book.paid_out(-1, 3, 7)) == (35, 1)
    assert book.paid_out(1, 35, 8) == book
    assert fresh(book.freshened(-1, 2, 8)) == (0, 2)


def fresh(book: Book) -> tuple[int, int]:
    """Return the fresh margin of longs and shorts."""
    return book.long.fresh, book.short.fresh


@pytest.mark.parametrize(
    ("quote", "balance", "owed", "kept"),
    [
        (0, 3_000, 0, 1_000),
        (0, 3_000, 500, 500),
        (-700, 3_000, 0, 1_000),
        (700, 3_000, 0, 300),
        (0, 1_999, 0, 0),
    ],
)
def test_unreserved__is_what_does_not_back_the_larger_side(
    quote: int, balance: int, owed: int, kept: int
) -> None:
    """Of the lower of fair value and what is free; here a side of 1,000 takes a pool of 2,000."""
    book = Book(BookSide(UNIT, quote - 1_000, 10_000, 0), BookSide(UNIT // 2, 500, 0, 0))
    terms = replace(FREE_OF_CARRY, reserve_ppm=500_000)
    made = exposure(book, Carry(0, 0, 0, 0), 1_000, 10**18, terms, balance, owed, True)
    assert made == Exposure(True, balance - owed - quote, kept, underwater=False, liquidity_fee_ppm=0)


@pytest.mark.parametrize(
    ("margin", "fee_ppm", "is_open"), [(100, 0, True), (99, 0, False), (0, 20_000, True), (0, 19_999, False)]
)
def test_max_deposit__beside_a_loss_that_margins_cannot_pay__is_nothing(
    margin: int, fee_ppm: int, is_open: bool
) -> None:
    """But for a loss that the fee of entering pays on all that the pool is worth, here 5,000."""
    book = Book(BookSide(UNIT, -1_100, margin, 0), BookSide(0, 0, 10_000, 0))
    terms = replace(FREE_OF_CARRY, liquidity_fee_ppm=fee_ppm)
    made = exposure(book, Carry(0, 0, 0, 0), 1_000, 10**18, terms, 5_000, 0, True)
    assert max_deposit(5_000, 0, made) == (MAX_ASSETS - 5_000 if is_open else 0)


def test_max_deposit__of_a_pool_worth_less_than_nothing__is_nothing() -> None:
    assert (
        max_deposit(
            1, 0, Exposure(live=True, fair_value=-1, unreserved=0, underwater=False, liquidity_fee_ppm=0)
        )
        == 0
    )


@pytest.mark.parametrize(("nav", "due"), [(300, False), (299, True)])
def test_deleveraging__is_due_below_a_part_of_the_sides_notional(nav: int, due: bool) -> None:
    """Half of the side's 600."""
    assert is_due(600, nav, replace(FREE_OF_CARRY, adl_trigger_ppm=500_000)) is due

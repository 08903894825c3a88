"""Analyses: what if, how far, how much, who is next; each the same as what the market then does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from isolated_margin import analysis, errors, views
from isolated_margin.analysis import Projection

from tests.model.worlds import FOREVER, FREE_OF_CARRY, TOKEN, UNIT, WAD, World, any_price, must_refuse

FREE = replace(FREE_OF_CARRY, trading_fee_ppm=1)
OPENING_FEE = 20_000  # a millionth of 10 at 2,000
SIDES = pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])


def increase(market: World, position_id: int, size_delta: int, assets: int) -> None:
    """Increase as the owner, at any price."""
    limit = any_price(market.vault.position(position_id).size)
    market.vault.increase("trader_1", position_id, size_delta, assets, limit, FOREVER)


CHANGES: list[tuple[Callable[..., Projection], Callable[..., object], tuple[int, ...]]] = [
    (
        analysis.after_adding_margin,
        lambda market, number, assets: market.vault.add_margin("trader_1", number, assets, "trader_1"),
        (500 * TOKEN,),
    ),
    (
        analysis.after_removing_margin,
        lambda market, number, assets: market.vault.remove_margin("trader_1", number, assets),
        (300 * TOKEN,),
    ),
    (analysis.after_increasing, increase, (UNIT, 1_000 * TOKEN)),
    (analysis.after_decreasing, World.decrease_position, (4 * UNIT,)),
    (analysis.after_decreasing, World.decrease_position, (10 * UNIT,)),
]


@SIDES
@pytest.mark.parametrize(("project", "change", "arguments"), CHANGES)
def test_projection__of_a_change__is_what_the_change_does(
    market: World,
    side: int,
    project: Callable[..., Projection],
    change: Callable[..., object],
    arguments: tuple[int, ...],
) -> None:
    number = market.open_position(side * 10 * UNIT, 3_000 * TOKEN)
    market.move_price(2_010, seconds=600)
    untouched = market.copy()

    projected = project(market, number, *arguments)

    assert market == untouched
    before_wad = views.liquidation_price(market.vault, number)
    change(market, number, *arguments)
    is_live = number in market.vault.positions
    assert projected == Projection(
        before_wad, views.liquidation_price(market.vault, number) if is_live else 0
    )


def test_projection__of_a_plain_long__is_by_pencil() -> None:
    """10 at 2,000 with 3,000: (20,000 - 3,000) / 9.5 = 1,789.47; with 950 more 100 less."""
    market = World(FREE)
    number = market.open_position(10 * UNIT, 3_000 * TOKEN)
    projected = analysis.after_adding_margin(market, number, 950 * TOKEN)
    assert (projected.before_wad // WAD, projected.after_wad // WAD) == (1_789, 1_689)


def test_projection__paused_and_with_an_empty_wallet__is_still_given(market: World) -> None:
    """The question is what would be, not whether it can be paid for now."""
    number = market.open_position(10 * UNIT, 3_000 * TOKEN)
    market.token.transfer("trader_1", "stranger", market.token.balance_of("trader_1"))
    market.vault.pause("guardian")
    projected = analysis.after_increasing(market, number, UNIT, 5_000 * TOKEN)
    assert projected.after_wad < projected.before_wad


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        (lambda market: analysis.after_adding_margin(market, 2, 1), errors.NoPosition(2)),
        (lambda market: analysis.after_adding_margin(market, 1, 0), errors.ZeroAmount()),
        (
            lambda market: analysis.after_adding_margin(market, 1, 2**200),
            errors.AmountTooLarge(2**200, 2**127 - 1),
        ),
        (lambda market: analysis.after_removing_margin(market, 2, 1), errors.NoPosition(2)),
        (lambda market: analysis.after_removing_margin(market, 1, 0), errors.ZeroAmount()),
        (
            lambda market: analysis.after_removing_margin(market, 1, 3_001 * TOKEN),
            errors.InsufficientMargin(3_000 * TOKEN, 3_001 * TOKEN),
        ),
        (
            lambda market: analysis.after_removing_margin(market, 1, 1_500 * TOKEN),
            errors.BelowInitialMargin(1_500 * TOKEN, 2_000 * TOKEN),
        ),
        (lambda market: analysis.after_increasing(market, 2, 1, 0), errors.NoPosition(2)),
        (lambda market: analysis.after_increasing(market, 1, 0, 0), errors.ZeroSize()),
        (lambda market: analysis.after_decreasing(market, 2, 1), errors.NoPosition(2)),
        (
            lambda market: analysis.after_decreasing(market, 1, 11 * UNIT),
            errors.InvalidSize(11 * UNIT, 10 * UNIT),
        ),
        (lambda market: analysis.bankruptcy_price(market, 2), errors.NoPosition(2)),
        (lambda market: analysis.margin_call_price(market, 2), errors.NoPosition(2)),
        (
            lambda market: analysis.max_size(market, 2**127, is_long=True),
            errors.AmountTooLarge(2**127, 2**127 - 1),
        ),
    ],
)
def test_analysis__of_what_the_vault_would_refuse__raises_the_same(
    ask: Callable[[World], object], refusal: errors.Refusal
) -> None:
    market = World(FREE)
    market.open_position(10 * UNIT, 3_000 * TOKEN + OPENING_FEE)
    must_refuse(refusal, ask, market)


def test_max_size__of_no_side__is_rejected() -> None:
    market: Any = World()
    with pytest.raises(TypeError, match="is_long must be True or False, not -1"):
        analysis.max_size(market, TOKEN, is_long=-1)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    "ask",
    [
        lambda market: analysis.after_adding_margin(market, 1, 1),
        lambda market: analysis.after_decreasing(market, 1, 1),
        lambda market: analysis.bankruptcy_price(market, 1),
        lambda market: analysis.margin_call_price(market, 1),
        lambda market: analysis.max_size(market, TOKEN, is_long=False),
        analysis.liquidatable,
        analysis.deleverageable,
    ],
)
def test_analysis__with_a_dead_feed__is_refused(market: World, ask: Callable[[World], object]) -> None:
    """Nothing is answered at a price that nobody vouches for."""
    market.open_position(10 * UNIT, 3_000 * TOKEN)
    market.feed.broken = True
    with pytest.raises(errors.InvalidPrice):
        ask(market)


@SIDES
def test_levels__of_a_position__lie_in_order_and_turn_its_status(side: int) -> None:
    market = World(FREE)
    number = market.open_position(side * 10 * UNIT, 3_000 * TOKEN)
    levels = (
        analysis.margin_call_price(market, number),
        views.liquidation_price(market.vault, number),
        analysis.bankruptcy_price(market, number),
    )

    assert sorted(levels, reverse=side > 0) == list(levels)
    names = []
    for level in levels:
        market.feed.answer = -(-level // 10**10) if side < 0 else level // 10**10  # WAD to 8 decimals
        names.append(views.status(market.vault, number).name)
    assert names == ["MARGIN_CALL", "LIQUIDATABLE", "BANKRUPT"]


@SIDES
@pytest.mark.parametrize("assets", [1, 5 * TOKEN, 999 * TOKEN + 7, 60_000 * TOKEN, 400_000 * TOKEN])
def test_max_size__of_a_margin__is_the_last_that_opens(market: World, side: int, assets: int) -> None:
    """The size opens (unless it is 0), one unit more is refused, whatever the reason."""
    market.open_position(side * 3 * UNIT, 2_000 * TOKEN, "trader_2")
    market.move_price(1_999)
    size = analysis.max_size(market, assets, is_long=side > 0)
    with pytest.raises(errors.Refusal):
        market.open_position(side * (size + 1), assets)
    if size:
        market.open_position(side * size, assets)
    assert (size == 0) == (assets == 1)


def test_max_size__of_a_full_side__is_zero() -> None:
    market = World(replace(FREE, max_open_interest=10 * UNIT))
    market.open_position(10 * UNIT, 3_000 * TOKEN)
    assert analysis.max_size(market, 10**6 * TOKEN, is_long=True) == 0
    assert analysis.max_size(market, 10**6 * TOKEN, is_long=False) == 10 * UNIT


def test_liquidatable__after_a_fall__names_exactly_who_is(market: World) -> None:
    for size, margin in ((10, 2_100), (10, 6_000), (-10, 2_100), (5, 1_100)):
        market.open_position(size * UNIT, margin * TOKEN)
    assert analysis.liquidatable(market) == ()
    market.move_price(1_800)
    assert analysis.liquidatable(market) == (1, 4)


def test_deleveraging_round__at_a_price__takes_the_same_share_of_each_winner() -> None:
    """At 450 the pool is worth 596, which keeps 3,973 of 9,450; at 250, nothing, and pays what it has."""
    market = World(FREE, pool_assets=30_000 * TOKEN)
    for size, margin in ((-10, 9_000), (-4, 9_000), (2, 6_000), (-7, 9_000)):
        market.open_position(size * UNIT, margin * TOKEN)
    market.move_price(2_000)
    before = market.copy()
    worth = market.pool.balance() - 19 * 1_550 * TOKEN
    assert analysis.deleverageable(market) == ()
    assert analysis.deleveraging_round(market, 1_000 * WAD) == ()
    parts = analysis.deleveraging_round(market, 450 * WAD)
    assert [part.position_id for part in parts] == [1, 2, 4]
    keep = worth * UNIT // (150_000 * 450)
    assert abs(sum(part.size for part in parts) - 21 * UNIT + keep) < UNIT // 10**6
    assert [round(part.size / UNIT, 4) for part in parts] == [6.1197, 2.4479, 4.2838]
    assert [round(part.realised / part.size * UNIT) for part in parts] == [1_550 * TOKEN] * 3
    last = analysis.deleveraging_round(market, 250 * WAD)[-1]
    assert (last.position_id, last.realised) == (4, market.pool.balance() - 14 * 1_750 * TOKEN)
    assert market == before


def test_deleveraging_round__of_a_pool_without_worth__leaves_out_whom_it_has_no_cash_for() -> None:
    market = World(FREE, pool_assets=30_000 * TOKEN)
    for size in (-10, -7, -4):
        market.open_position(size * UNIT, 9_000 * TOKEN)
    market.move_price(100)
    assert analysis.deleverageable(market) == (1, 2, 3)
    parts = analysis.deleveraging_round(market, 100 * WAD)
    assert [part.position_id for part in parts] == [1, 2]


def test_deleverageable__of_a_due_side__is_who_has_a_profit_and_not_had_a_turn() -> None:
    market = World(FREE, pool_assets=30_000 * TOKEN)
    for size, margin in ((-10, 9_000), (-10, 9_000), (1, 3_000)):
        market.open_position(size * UNIT, margin * TOKEN)
    market.move_price(400)
    assert analysis.deleverageable(market) == (1, 2)
    market.vault.deleverage("stranger", 1)
    assert analysis.deleverageable(market) == (2,)


def test_projection__of_who_allows_the_vault_nothing__is_no_different(market: World) -> None:
    """Wallets are apart, allowances with them."""
    number = market.open_position(UNIT, 1_000 * TOKEN)
    allowed = analysis.after_adding_margin(market, number, 500 * TOKEN)
    market.token.approve("trader_1", "vault", 0)
    assert analysis.after_adding_margin(market, number, 500 * TOKEN) == allowed

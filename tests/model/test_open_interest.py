"""Initial margin that grows with a side's open interest, and stays with the position."""

from dataclasses import replace

import pytest
from isolated_margin import analysis, errors, views
from isolated_margin.fixed import ceil_div

from tests.model.worlds import FOREVER, FREE_OF_CARRY, NO_LIMIT, PARAMETERS, TOKEN, UNIT, World, any_price

TERMS = replace(FREE_OF_CARRY, oi_scale_ppm=400_000, trading_fee_ppm=1)  # 40 % of it at 1,000 units
SIDES = pytest.mark.parametrize("side", [1, -1])


@pytest.fixture
def crowded() -> World:
    """Return a market of 400 longs, where one more unit asks for 401 / 1,000 of 40 %: 16.04 %."""
    market = World(TERMS)
    market.open_position(400 * UNIT, 500_000 * TOKEN, "trader_2")
    return market


@pytest.mark.parametrize(
    ("scale_ppm", "size", "rate_bp"),
    [
        (0, 1_000 * UNIT, 0),
        (1, 1, 1),
        (10**6, 1_000 * UNIT, 10_000),
        (400_000, 0, 0),
        (400_000, UNIT // 4, 1),
        (400_000, UNIT // 4 + 1, 2),
        (400_000, 401 * UNIT, 1_604),
    ],
)
def test_rate__of_a_side__is_its_share_of_the_cap_rounded_up(scale_ppm: int, size: int, rate_bp: int) -> None:
    assert replace(PARAMETERS, oi_scale_ppm=scale_ppm).rate_bp(size) == rate_bp


def test_initial_margin__at_a_rate__is_the_larger_of_both_rounded_up() -> None:
    assert PARAMETERS.initial_margin(1_000, 999) == PARAMETERS.initial_margin(1_000) == 100
    assert PARAMETERS.initial_margin(1_000, 1_001) == 101
    assert PARAMETERS.initial_margin(1_000, 1_011) == 102


@SIDES
def test_open__on_a_side__is_asked_by_that_side_alone(side: int) -> None:
    market = World(TERMS)
    for size in (side * 400 * UNIT, -side * 10 * UNIT, side * UNIT):
        market.open_position(size, 500_000 * TOKEN)
    assert [market.vault.position(number).rate_bp for number in (1, 2, 3)] == [1_600, 40, 1_604]


def test_open__beside_a_large_side__needs_its_rate(crowded: World) -> None:
    """Of a notional of 2,000 and a fee of 2,000 units."""
    required = 2_000 * TOKEN * 1_604 // 10_000
    refusal = errors.BelowInitialMargin(required - 1, required)
    crowded.must_refuse(refusal, crowded.open_position, UNIT, required + 1_999)
    preview = views.preview_open(crowded.vault, UNIT, required + 2_000)
    number = crowded.open_position(UNIT, required + 2_000)
    assert preview.initial_margin == views.initial_margin(crowded.vault, number) == required
    assert views.max_removable(crowded.vault, number) == 0


def test_remove_margin__when_the_side_is_gone__still_leaves_what_was_asked(crowded: World) -> None:
    required = 2_000 * TOKEN * 1_604 // 10_000
    number = crowded.open_position(UNIT, required + 2_000 + 7)
    crowded.close_position(1, "trader_2")
    crowded.must_refuse(
        errors.BelowInitialMargin(required - 1, required), crowded.vault.remove_margin, "trader_1", number, 8
    )
    assert views.max_removable(crowded.vault, number) == 7
    crowded.vault.remove_margin("trader_1", number, 7)


def test_increase__of_a_position__asks_anew_for_the_whole(crowded: World) -> None:
    """More while the side has grown, less when it has shrunk."""
    number = crowded.open_position(UNIT, 1_000 * TOKEN)
    crowded.vault.increase("trader_1", number, UNIT, 0, NO_LIMIT, FOREVER)
    assert crowded.vault.position(number).rate_bp == 1_608
    assert views.initial_margin(crowded.vault, number) == 4_000 * TOKEN * 1_608 // 10_000
    crowded.close_position(1, "trader_2")
    crowded.vault.increase("trader_1", number, UNIT, 0, NO_LIMIT, FOREVER)
    assert crowded.vault.position(number).rate_bp == 12
    assert views.initial_margin(crowded.vault, number) == 600 * TOKEN


@SIDES
def test_rate__of_a_position__outlives_whatever_does_not_grow_it(side: int) -> None:
    """Margin, carry, a decrease, a partial liquidation and a deleveraging."""
    market = World(replace(PARAMETERS, oi_scale_ppm=400_000))
    market.open_position(side * 20 * UNIT, 10_000 * TOKEN)
    market.open_position(-side * 400 * UNIT, 500_000 * TOKEN, "trader_2")
    market.move_price(2_000, seconds=3_600)
    vault = market.vault
    vault.add_margin("stranger", 1, TOKEN, "trader_1")
    vault.remove_margin("trader_1", 1, TOKEN)
    vault.decrease("trader_1", 1, UNIT, any_price(-side), FOREVER)
    market.move_price(2_000 - side * 450)
    vault.liquidate("stranger", 1)
    vault.parameters = replace(vault.parameters, adl_trigger_ppm=1_900_000, adl_target_ppm=2_000_000)
    vault.deleverage("stranger", 2)
    assert 0 < abs(vault.position(1).size) < 19 * UNIT
    assert 0 < abs(vault.position(2).size) < 400 * UNIT
    assert (vault.position(1).rate_bp, vault.position(2).rate_bp) == (80, 1_600)


def test_fresh_margin__of_a_position_on_a_large_side__is_what_its_rate_does_not_hold(crowded: World) -> None:
    crowded.move_price(2_000)
    crowded.open_position(UNIT, 2_000 * TOKEN * 1_604 // 10_000 + 2_000 + 7)
    assert crowded.vault.book.long.fresh == 7


def test_split__of_a_trade__asks_half_of_what_it_asks_at_once() -> None:
    """No tier is reached by the parts, and yet each asks for what its side has become."""
    terms = replace(TERMS, tiers=TERMS.tiers[:1], oi_scale_ppm=10**6)
    parts = World(terms)
    for _ in range(100):
        parts.open_position(UNIT, 2_000 * TOKEN)
    asked = sum(views.initial_margin(parts.vault, number) for number in range(1, 101))
    whole = World(terms)
    whole.open_position(100 * UNIT, 200_000 * TOKEN)
    assert views.initial_margin(whole.vault, 1) == 20_000 * TOKEN
    least = ceil_div(100 * 2_000 * TOKEN * 100 * terms.oi_scale_ppm, 2 * 1_000 * 10**6)
    assert asked >= least == 10_000 * TOKEN


@SIDES
@pytest.mark.parametrize("assets", [5 * TOKEN, 999 * TOKEN + 7, 30_000 * TOKEN])
def test_max_size__with_open_interest__is_the_last_that_opens(side: int, assets: int) -> None:
    market = World(replace(TERMS, oi_scale_ppm=10**6))
    market.open_position(side * 200 * UNIT, 300_000 * TOKEN, "trader_2")
    size = analysis.max_size(market, assets, is_long=side > 0)
    with pytest.raises(errors.BelowInitialMargin):
        market.open_position(side * (size + 1), assets)
    market.open_position(side * size, assets)

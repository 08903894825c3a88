"""Scenarios on the model: what is opened, met, closed and counted, and when."""

from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from isolated_margin import views
from isolated_margin.errors import DeleverageNotNeeded, NotLiquidatable, OutOfDomain
from isolated_margin.events import DeleverageResult, Liquidation
from isolated_margin.fixed import MAX_PRICE, PPM
from isolated_margin.margin import notional, scale_of
from isolated_margin.parameters import RiskParameters, Tier
from isolated_margin.scenario import (
    Bar,
    ModelVenue,
    Order,
    Scenario,
    Start,
    flash_crash,
    run_scenario,
    seeded_book,
    usual_parameters,
)
from isolated_margin.scenario.orders import TOKEN

from tests.model.worlds import UNIT, WAD

OWNERS = ("trader_1", "trader_2", "trader_3")
PRICE = 100 * WAD
USUAL = usual_parameters(PRICE)
TERMS = replace(USUAL, trading_fee_ppm=1, max_funding_rate_wad=0, borrow_rate_wad=0, liquidation_fee_ppm=1)


def bar(timestamp: int, *prices: int) -> Bar:
    """Return a bar of whole prices: open, high, low, close."""
    return Bar(timestamp, *(price * WAD for price in prices))


def start(*orders: Order, pool: int = 1_000_000, insurance: int = 100) -> Start:
    """Return a start with pool and insurance in whole tokens."""
    return Start(orders, pool * TOKEN, insurance * TOKEN)


LONG = Order("trader_1", 100 * UNIT, 1_000 * TOKEN)  # 10,000 of notional, 10x
SHORT = Order("trader_2", -100 * UNIT, 5_000 * TOKEN)


def test_run__of_a_calm_bar__changes_nothing() -> None:
    result = run_scenario(ModelVenue(TERMS, start(LONG)), start(LONG), [bar(0, 100, 101, 99, 100)])
    assert result.prices == tuple(price * WAD for price in (100, 100, 99, 101, 100))
    assert (result.totals.transactions, result.totals.opened) == (8, 1)
    assert (result.largest_loss_ppm, result.pool_gain, result.insurance_used) == (10, 8_000, 0)  # the fee
    assert result.live_positions == 1
    assert result.positions[1].margin == 1_000 * TOKEN - 10_000
    (moment,) = result.series
    assert (moment.partial_liquidations, moment.full_liquidations, moment.positions) == (0, 0, 1)
    assert moment.insurance == 100 * TOKEN + 2_000


def test_run__of_a_fall__liquidates_in_part_then_whole_with_a_deficit() -> None:
    """At 92 the long is cut back to its target; at 50 its 1,000 are gone, and 100 of insurance with them."""
    bars = [bar(0, 100, 100, 92, 92), bar(300, 92, 92, 50, 50)]

    result = run_scenario(ModelVenue(TERMS, start(LONG)), start(LONG), bars)

    totals = result.totals
    assert (totals.partial_liquidations, totals.full_liquidations, totals.deficits) == (1, 1, 1)
    assert totals.deficit == totals.covered + totals.pool_loss
    assert totals.pool_loss > 0
    assert (result.largest_loss_ppm, result.live_positions) == (PPM, 0)
    first, second = result.series
    assert (result.insurance_used, result.insurance) == (first.insurance, 0)
    assert 0 < 1_100 * TOKEN - result.pool_gain < 10_000  # the rewards
    assert (first.partial_liquidations, first.full_liquidations, first.deficit) == (1, 0, 0)
    assert (second.partial_liquidations, second.full_liquidations) == (0, 1)
    assert second.deficit == totals.deficit


def test_run__of_a_smaller_loss__measures_it_on_what_was_put_in() -> None:
    """A long of 10,000 with 5,000 that falls by 10 % has lost a fifth, and the fee of a millionth."""
    calm = replace(LONG, margin=5_000 * TOKEN)
    result = run_scenario(ModelVenue(TERMS, start(calm)), start(calm), [bar(0, 100, 100, 90, 90)])
    assert result.largest_loss_ppm == 200_002


def test_run__of_profits_beyond_the_pool__deleverages_every_winner_until_it_is_enough() -> None:
    """Two shorts win 5,000 each from 10,500: the rest keeps a third of their notional of 10,000."""
    shorts = start(SHORT, replace(SHORT, margin=2_000 * TOKEN), pool=10_500)
    venue = ModelVenue(TERMS, shorts)
    result = run_scenario(venue, shorts, [bar(0, 100, 100, 50, 50)])
    assert result.totals.deleveragings == result.series[0].deleveragings == 2
    assert not views.sides(venue.market.vault)[1].due
    sizes = [venue.market.vault.position(number).size for number in (1, 2)]
    assert [round(size / UNIT, 2) for size in sizes] == [-33.33] * 2
    assert result.largest_loss_ppm == 0


def test_run__of_profits_that_the_pool_never_had__deleverages_as_far_as_it_pays() -> None:
    """A pool of 6,000 and two shorts that win 19,800: dust would stay of one, so all of it is owed."""
    shorts = start(SHORT, SHORT, pool=6_000)
    venue = ModelVenue(TERMS, shorts)
    result = run_scenario(venue, shorts, [bar(0, 100, 100, 1, 1)])
    assert result.totals.deleveragings == 1
    assert result.live_positions == 1
    assert venue.market.vault.total_owed > 0
    assert result.largest_loss_ppm == 0


def test_run__of_orders_that_the_market_refuses__counts_them() -> None:
    orders = start(replace(LONG, margin=1), LONG)
    result = run_scenario(ModelVenue(TERMS, orders), orders, [bar(0, 100, 100, 100, 100)])
    assert (result.totals.opened, result.totals.refused) == (1, 1)
    assert result.largest_loss_ppm == 10  # the fee


def test_run__without_an_order__has_no_loss() -> None:
    result = run_scenario(ModelVenue(TERMS, start()), start(), [bar(0, 100, 120, 80, 100)])
    assert (result.largest_loss_ppm, result.live_positions, result.pool_gain) == (0, 0, 0)


def test_run__of_a_market_that_was_not_new__watches_its_positions_too() -> None:
    venue = ModelVenue(TERMS, start(LONG))
    run_scenario(venue, start(LONG), [bar(0, 100, 100, 100, 100)])
    later = run_scenario(venue, start(pool=0, insurance=0), [bar(0, 100, 100, 95, 95)])
    assert later.totals.opened == 0
    assert later.positions.keys() == {1}
    assert later.largest_loss_ppm == 500_006  # 500 of the 999.99 that it held, rounded up


class LateVenue(ModelVenue):
    """A venue where the keeper always comes too late."""

    def liquidate(self, position: int, seconds: int) -> Liquidation:
        """Refuse."""
        raise NotLiquidatable(1, 0)

    def deleverage(self, position: int, seconds: int) -> DeleverageResult:
        """Refuse."""
        raise DeleverageNotNeeded(0, 0)


def test_run__of_a_keeper_that_comes_too_late__goes_on() -> None:
    """A refusal between seeing and doing is counted and nothing more."""
    orders = start(LONG, SHORT, SHORT, pool=11_000)
    result = run_scenario(LateVenue(TERMS, orders), orders, [bar(0, 100, 100, 1, 1)])
    assert (result.totals.full_liquidations, result.totals.deleveragings) == (0, 0)
    assert result.totals.refused == 6  # one long and two shorts, at the low and at the close
    assert result.live_positions == 3


class TimedVenue(ModelVenue):
    """A venue that remembers when prices came, in seconds since the first."""

    def __init__(self, parameters: RiskParameters, begin: Start) -> None:
        """Start the clock."""
        super().__init__(parameters, begin)
        self.times: list[int] = []

    def set_price(self, price_wad: int, seconds: int) -> None:
        """Note the time."""
        super().set_price(price_wad, seconds)
        self.times.append(self.market.clock.timestamp)


@pytest.mark.parametrize(
    ("bars", "gaps"),
    [
        ([bar(0, 100, 100, 100, 100)], [15, 15, 15]),
        ([bar(0, 100, 100, 100, 100), bar(400, 100, 100, 100, 100)], [100] * 7),
        (
            [bar(0, 100, 100, 100, 100), bar(3, 100, 100, 100, 100), bar(103, 100, 100, 100, 100)],
            [1, 1, 1, 1, 24, 25, 25, 25, 25, 25, 25],
        ),
    ],
    ids=["a lone bar lasts a minute", "the last is as long as the one before", "never twice in a second"],
)
def test_run__of_bars__meets_their_prices_a_quarter_apart(bars: list[Bar], gaps: list[int]) -> None:
    venue = TimedVenue(TERMS, start())
    run_scenario(venue, start(), bars)
    times = venue.times[1:]
    assert [later - earlier for earlier, later in pairwise(times)] == gaps


def test_run__with_a_busy_keeper__meets_the_next_price_right_after() -> None:
    orders = start(*[replace(LONG, margin=600 * TOKEN)] * 10)
    venue = TimedVenue(TERMS, orders)
    run_scenario(venue, orders, [bar(0, 100, 100, 90, 90), bar(4, 90, 90, 90, 90)])
    high, low, close = venue.times[2:5]
    assert (low - high, close - low) == (1, 11)


def test_scenario__ended_early__tells_what_was_done() -> None:
    bars = flash_crash(1, 20)
    book = seeded_book(1, 5, OWNERS, bars[0].open_wad, USUAL)
    scenario = Scenario(ModelVenue(USUAL, book), book, bars)
    steps = scenario.steps()
    for _ in range(7):
        next(steps)
    result = scenario.result()
    assert (len(result.series), result.totals.opened, len(result.prices)) == (2, 5, 9)


def test_scenario__without_a_bar__is_rejected() -> None:
    with pytest.raises(ValueError, match="at least one bar"):
        Scenario(ModelVenue(TERMS, start()), start(), [])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("price_wad", [10**9, WAD // 1000, PRICE, MAX_PRICE])
def test_seeded_book__at_any_price__opens_whole(seed: int, price_wad: int) -> None:
    parameters = usual_parameters(price_wad)
    parameters.validate()
    book = seeded_book(seed, 40, OWNERS, price_wad, parameters)
    result = run_scenario(ModelVenue(parameters, book), book, [Bar(0, *[price_wad] * 4)])
    assert (result.totals.opened, result.totals.refused) == (40, 0)
    assert result.totals.full_liquidations == result.totals.partial_liquidations == 0


def test_seeded_book__of_many__has_both_sides_all_leverages_and_several_per_owner() -> None:
    """Longs and shorts, from nearly 1x to nearly the cap; each owner has at least four."""
    book = seeded_book(1, 200, OWNERS, PRICE, USUAL)
    assert {order.owner for order in book.orders} == set(OWNERS)
    longs = sum(order.size > 0 for order in book.orders)
    assert 90 < longs < 150
    scale = scale_of(6)
    leverages = [notional(order.size, PRICE, scale) // order.margin for order in book.orders]
    assert min(leverages) <= 1
    assert max(leverages) >= 18


def test_seeded_book__of_few__deals_to_as_many_owners_as_can_have_four() -> None:
    for positions, owners in ((1, 1), (7, 1), (8, 2), (12, 3), (100, 3)):
        book = seeded_book(1, positions, OWNERS, PRICE, USUAL)
        assert len({order.owner for order in book.orders}) == owners


def test_seeded_book__same_seed__is_the_same_book() -> None:
    books = [seeded_book(seed, 50, OWNERS, PRICE, USUAL) for seed in (1, 1, 2)]
    assert books[0] == books[1] != books[2]


@pytest.mark.parametrize(("positions", "price_wad"), [(0, PRICE), (1, 0), (1, 1), (1, MAX_PRICE + 1)])
def test_seeded_book__of_nothing_or_without_room__is_rejected(positions: int, price_wad: int) -> None:
    with pytest.raises(OutOfDomain):
        seeded_book(1, positions, OWNERS, price_wad, USUAL)


def test_seeded_book__of_a_seed__is_the_book_it_always_was() -> None:
    """What people publish with a seed can be computed again: owners, sizes, margins, pool and insurance."""
    assert seeded_book(7, 9, OWNERS[:2], PRICE, USUAL) == Start(
        orders=(
            Order("trader_1", -60710507240000000000, 549977034),
            Order("trader_2", 2777778680000000000, 19035344),
            Order("trader_1", 45030554530000000000, 326212353),
            Order("trader_2", 2922851420000000000, 24301941),
            Order("trader_1", 4584099290000000000, 139141306),
            Order("trader_2", -44286051350000000000, 663200146),
            Order("trader_1", 489204011370000000000, 3916500316),
            Order("trader_2", 4373848040000000000, 208497173),
            Order("trader_1", 5109656050000000000, 43927758),
        ),
        pool_assets=16474983950,
        insurance_assets=131799872,
    )
    many = seeded_book(3, 200, OWNERS, 1_234_567 * WAD // 1_000, usual_parameters(WAD))
    assert sha256(repr(many).encode()).hexdigest()[:16] == "b41447ed2f05152c"


def test_usual_parameters__at_a_price__are_what_the_docs_of_a_run_say() -> None:
    """Sizes follow from ten million tokens at the price, up to the domain; the rest is fixed."""
    assert usual_parameters(PRICE) == RiskParameters(
        tiers=(
            Tier(0, 50_000, 25_000),
            Tier(20_000 * TOKEN, 100_000, 50_000),
            Tier(100_000 * TOKEN, 200_000, 100_000),
        ),
        trading_fee_ppm=500,
        insurance_share_ppm=200_000,
        liquidation_fee_ppm=10_000,
        liquidator_share_ppm=250_000,
        buffer_ppm=200_000,
        min_notional=100 * TOKEN,
        max_open_interest=10_000_000 * UNIT,
        reserve_ppm=4_000_000,
        oi_scale_ppm=0,
        skew_scale=100_000 * UNIT,
        max_funding_rate_wad=10**11,
        borrow_rate_wad=3 * 10**9,
        adl_trigger_ppm=100_000,
        adl_target_ppm=150_000,
        liquidity_fee_ppm=0,
        max_price_age=86_400,
        settle_after=604_800,
    )
    assert usual_parameters(1).skew_scale == usual_parameters(1).max_open_interest == 10**33


def test_venue__of_a_keeper__acts_in_its_name() -> None:
    """Liquidator and deleverager are the scenario's keeper; the provider funds insurance."""
    venue = ModelVenue(TERMS, Start((Order("trader_1", UNIT, 100 * TOKEN),), 10**12, 10**12))
    venue.set_price(PRICE, 1)
    venue.deposit(10**12, 1)
    venue.open("trader_1", UNIT, 100 * TOKEN, 1)
    with pytest.raises(NotLiquidatable):
        venue.liquidate(1, 1)
    with pytest.raises(DeleverageNotNeeded):
        venue.deleverage(1, 1)

"""A scenario: a book is opened, a path of prices is walked, and a keeper does whatever is due.

A bar's four prices come a quarter of its time apart. Every transaction is in a block of its own, one second
after the last; a price that is due while the keeper is still busy comes right after. The keeper looks once
per price: it liquidates every position that may be, and then deleverages every position of a due side, both
in the order of their ids.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from isolated_margin.analysis import deleverageable, liquidatable
from isolated_margin.errors import Refusal
from isolated_margin.events import DeleverageResult, Liquidation
from isolated_margin.fixed import PPM, ceil_div
from isolated_margin.margin import Position, equity
from isolated_margin.market import Market
from isolated_margin.scenario.orders import Order, Start
from isolated_margin.scenario.prices import Bar
from isolated_margin.scenario.result import BarResult, ScenarioResult, Totals
from isolated_margin.scenario.venue import Venue

LONE_BAR_SECONDS = 60  # how long the only bar of a path lasts

T = TypeVar("T")


def run_scenario(venue: Venue, start: Start, bars: Sequence[Bar]) -> ScenarioResult:
    """Return what comes of a book on a path of at least one bar.

    ``venue``: a market whose accounts hold and allow what they are going to spend; positions that it has
    already are part of the book.
    """
    scenario = Scenario(venue, start, bars)
    for _ in scenario.steps():
        pass
    return scenario.result()


class Scenario:
    """A run that can be watched, and ended, between its steps. Raises ValueError without a bar."""

    def __init__(self, venue: Venue, start: Start, bars: Sequence[Bar]) -> None:
        """Prepare a run; arguments as for ``run_scenario``."""
        if not bars:
            raise ValueError("a scenario needs at least one bar")
        self._venue, self._start, self._bars = venue, start, bars
        self._elapsed = self._due = 0
        self._counts: Counter[str] = Counter()
        self._positions: dict[int, Position] = {}
        self._put_in: dict[int, int] = {}
        self._taken_out: dict[int, int] = {}
        self._series: list[BarResult] = []
        self._prices: list[int] = []

    def steps(self) -> Iterator[None]:
        """Run, pausing after each order and after each bar."""
        self._meet(self._bars[0].open_wad)
        self._try(partial(self._venue.deposit, self._start.pool_assets))
        self._try(partial(self._venue.fund_insurance, self._start.insurance_assets))
        for number, held in self._market.vault.positions.items():  # of a market that was not new
            self._keep(number, held.margin)
        for order in self._start.orders:
            self._open(order)
            yield
        origin = self._elapsed + 1 - self._bars[0].timestamp
        for index, bar in enumerate(self._bars):
            self._walk(bar, origin + bar.timestamp, _seconds(self._bars, index))
            yield

    def result(self) -> ScenarioResult:
        """Return what came of the run until now."""
        vault, counts = self._market.vault, self._counts
        return ScenarioResult(
            series=tuple(self._series),
            totals=Totals(**{name: counts[name] for name in Totals.__slots__}),
            pool_assets=self._start.pool_assets,
            pool_value=_pool_value(self._market),
            insurance_assets=self._start.insurance_assets,
            insurance=vault.insurance,
            largest_loss_ppm=self._largest_loss_ppm(),
            live_positions=len(vault.positions),
            positions=dict(self._positions),
            prices=tuple(self._prices),
        )

    @property
    def _market(self) -> Market:
        return self._venue.market

    def _try(self, action: Callable[[int], T]) -> T | None:
        """Send a transaction in its time; return None when it is refused."""
        seconds = max(1, self._due - self._elapsed)
        self._elapsed += seconds
        self._counts["transactions"] += 1
        try:
            return action(seconds)
        except Refusal:
            self._counts["refused"] += 1
            return None

    def _meet(self, price_wad: int) -> None:
        self._prices.append(price_wad)
        self._try(partial(self._venue.set_price, price_wad))

    def _open(self, order: Order) -> None:
        number = self._try(partial(self._venue.open, order.owner, order.size, order.margin))
        if number is not None:
            self._counts["opened"] += 1
            self._keep(number, order.margin)

    def _keep(self, number: int, put_in: int) -> None:
        """Watch a position into which so many assets were put."""
        self._put_in[number] = put_in
        self._positions[number] = self._market.vault.position(number)

    def _walk(self, bar: Bar, begins: int, lasts: int) -> None:
        before = self._counts.copy()
        for quarter, price_wad in enumerate(bar.walk()):
            self._due = begins + quarter * lasts // 4
            self._meet(price_wad)
            self._liquidate_due()
            self._deleverage_due()
        self._series.append(_moment(bar, self._counts - before, self._market))

    def _liquidate_due(self) -> None:
        for number in liquidatable(self._market):
            liquidation = self._try(partial(self._venue.liquidate, number))
            if liquidation is not None:
                self._count_liquidation(number, liquidation)

    def _count_liquidation(self, number: int, liquidation: Liquidation) -> None:
        is_whole = number not in self._market.vault.positions
        if is_whole:
            self._taken_out[number] = liquidation.to_claimable + liquidation.fill.owed
        self._counts.update(
            full_liquidations=int(is_whole),
            partial_liquidations=int(not is_whole),
            deficits=int(liquidation.fill.deficit > 0),
            deficit=liquidation.fill.deficit,
            covered=liquidation.covered,
            rewards_added=liquidation.reward_from_insurance,
            pool_loss=liquidation.pool_loss,
        )

    def _deleverage_due(self) -> None:
        for number in deleverageable(self._market):
            done = self._try(partial(self._venue.deleverage, number))
            if done is not None:
                self._count_deleveraging(number, done)
            if not deleverageable(self._market):
                return

    def _count_deleveraging(self, number: int, deleverage: DeleverageResult) -> None:
        self._counts["deleveragings"] += 1
        if number not in self._market.vault.positions:
            self._taken_out[number] = deleverage.to_claimable + deleverage.fill.owed

    def _largest_loss_ppm(self) -> int:
        worth = self._taken_out | _equities(self._market)
        losses = (
            ceil_div(max(0, put_in - worth[number]) * PPM, put_in)
            for number, put_in in self._put_in.items()
            if put_in
        )
        return max(losses, default=0)


def _seconds(bars: Sequence[Bar], index: int) -> int:
    """Return how long a bar lasts: until the next one; the last is as long as the one before."""
    if len(bars) == 1:
        return LONE_BAR_SECONDS
    index = min(index, len(bars) - 2)
    return bars[index + 1].timestamp - bars[index].timestamp


def _moment(bar: Bar, counts: Mapping[str, int], market: Market) -> BarResult:
    return BarResult(
        bar=bar,
        partial_liquidations=counts["partial_liquidations"],
        full_liquidations=counts["full_liquidations"],
        deleveragings=counts["deleveragings"],
        deficit=counts["deficit"],
        insurance=market.vault.insurance,
        pool_value=_pool_value(market),
        positions=len(market.vault.positions),
    )


def _pool_value(market: Market) -> int:
    return market.vault.exposure().fair_value


def _equities(market: Market) -> dict[int, int]:
    """Return what each live position is worth to its owner now, assets, rounded down."""
    vault = market.vault
    carry = vault.accrued(vault.price_wad())
    return {
        number: max(0, equity(held, carry.last_price, carry.index_of(held.size), vault.scale))
        for number, held in vault.positions.items()
    }

"""What is tried on a forked market: a price path with a keeper, and a search for a mismatch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from isolated_margin.fixed import MAX_PRICE
from isolated_margin.price import WAD_DECIMALS
from isolated_margin.scenario import Bar, Start
from ringfence.engine.arena import Arena, Pair
from ringfence.engine.budget import Budget
from ringfence.engine.campaign import Campaign
from ringfence.engine.tally import Tally
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.markets import MARKETS, MarketSetup
from ringfence.vaults.isolated_margin.rules import MovingPriceRules
from ringfence.vaults.isolated_margin.rules.hypothesis_campaign import search
from ringfence.vaults.isolated_margin.scenario.play import Played, Stop, play_at
from ringfence.vaults.isolated_margin.scenario.venue import LockstepVenue

from ringfence_operations.rehearse.fork import ForkedMarket

LEAST: Final = 1  # raw unit of the feed: below it there is no price


class ForkVenue(LockstepVenue):
    """A forked market as the place of a scenario; its pool and insurance stay unchanged."""

    def __init__(self, fork: ForkedMarket) -> None:
        """Act on the fork."""
        super().__init__(fork.pair)
        self._decimals = fork.setup.feed_decimals

    def set_price(self, price_wad: int, seconds: int) -> None:
        """Make the feed answer the price in its own decimals, rounded down, but never nothing."""
        shift = self._decimals - WAD_DECIMALS
        answer = price_wad * 10**shift if shift > 0 else price_wad // 10**-shift
        self._act(actions.SetPrice(OWNER, max(LEAST, answer), 0), seconds)

    def deposit(self, assets: int, seconds: int) -> None:
        """Leave the pool alone."""

    def fund_insurance(self, assets: int, seconds: int) -> None:
        """Leave the insurance fund alone."""


def run_path(fork: ForkedMarket, bars: Sequence[Bar], stop: Stop, progress: Callable[[], None]) -> Played:
    """Run a path from the present price on, and restore the fork.

    ``bars`` are scaled so that the first opens at the present price. ``progress`` is called after each.

    Raises:
        Divergence: fork and model do not match.
    """
    pair, mark = fork.pair, fork.pair.snapshot()
    market = pair.model.market
    begin = Start((), pool_assets=market.pool.balance(), insurance_assets=market.vault.insurance)
    played = play_at(ForkVenue(fork), begin, scaled(bars, market.vault.carry.last_price), stop, progress)
    pair.restore(mark)
    return played


def scaled(bars: Sequence[Bar], price_wad: int) -> tuple[Bar, ...]:
    """Return a path with every price in proportion to its first, which becomes ``price_wad``."""
    first = bars[0].open_wad

    def moved(price: int) -> int:
        return min(MAX_PRICE, max(1, price * price_wad // first))

    return tuple(
        Bar(bar.timestamp, *map(moved, (bar.open_wad, bar.high_wad, bar.low_wad, bar.close_wad)))
        for bar in bars
    )


class ForkArena(Arena):
    """Where rules run: whichever market they draw, it is the fork, unchanged."""

    def __init__(self, fork: ForkedMarket) -> None:
        """Take a snapshot of the fork."""
        setups = [replace(fork.setup, name=setup.name) for setup in MARKETS]
        super().__init__(self._never, setups)
        self._pair, self._mark = fork.pair, fork.pair.snapshot()

    def enter(self, name: str) -> Pair:
        """Return the fork, restored."""
        self.market = name
        self._pair.restore(self._mark)
        return self._pair

    def _never(self, setup: MarketSetup) -> Pair:
        raise AssertionError(f"{setup.name}: a fork is never deployed")


def search_fork(fork: ForkedMarket, seed: int, budget: Budget, report: Callable[[Tally], None]) -> Campaign:
    """Search for a mismatch of fork and model, from the fork's state on."""
    return search(MovingPriceRules, ForkArena(fork), seed, budget, report)

"""What is tried on a forked market: a price path with a keeper, and a search for a mismatch."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from isolated_margin.fixed import MAX_PRICE
from isolated_margin.price import WAD_DECIMALS
from isolated_margin.scenario import Bar, Start
from ringfence.engine.budget import Budget
from ringfence.engine.generators.generator import Generator
from ringfence.engine.generators.rules import rules_of
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.evm.chains.base import Chain
from ringfence.types.market import VaultMarket
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.rules import MovingPriceRules
from ringfence.vaults.isolated_margin.scenario.play import Played, Stop, play_at
from ringfence.vaults.isolated_margin.scenario.venue import ComparedVenue

from ringfence_operations.rehearse.fork import ForkedMarket

LEAST: Final = 1  # raw unit of the feed: below it there is no price


class ForkVenue(ComparedVenue):
    """A forked market as the place of a scenario; its pool and insurance stay unchanged."""

    def __init__(self, fork: ForkedMarket) -> None:
        """Act on the fork."""
        super().__init__(fork.vault)
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
        Violated: fork and model do not match.
    """
    market = fork.vault.reference.market
    begin = Start((), pool_assets=market.pool.balance(), insurance_assets=market.vault.insurance)
    played = play_at(ForkVenue(fork), begin, scaled(bars, market.vault.carry.last_price), stop, progress)
    fork.vault.restart()
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


class ForkTarget(Target):
    """The fork as a vault under test, from the state in which it branched off."""

    def __init__(self, fork: ForkedMarket) -> None:
        super().__init__(IsolatedMargin, fork.setup.name)
        self._vault, self._setup = fork.vault, fork.setup
        self.markets = {fork.setup.name: fork.setup}

    def system(self, market: str | VaultMarket, chain: Chain | None = None) -> System:
        """Return the fork."""
        return self._vault

    def comparison(self, market: str) -> None:
        """Return None: the fork's states are compared."""

    def generator(self, market: str, system: Callable[[], System], random: Random) -> Generator:
        """Return rules, which move the price too."""
        return Generator(MovingPriceRules(), rules_of(MovingPriceRules), self._setup, random)


def search_fork(
    fork: ForkedMarket, seed: int, budget: Budget, progress: Callable[[SearchResult], None]
) -> SearchResult:
    """Search for a mismatch of fork and model, from the fork's state on."""
    return Search(ForkTarget(fork), seed).run(budget, progress)

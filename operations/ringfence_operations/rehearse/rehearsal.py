"""What a copied market is put through: a path of prices with a keeper, and a search for a disagreement."""

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

from ringfence_operations.rehearse.fork import Copied

LEAST: Final = 1  # raw unit of the feed: below it there is no price


class CopyVenue(LockstepVenue):
    """A copied market as the place of a scenario: pool and insurance are what they are."""

    def __init__(self, copied: Copied) -> None:
        """Act on the copy."""
        super().__init__(copied.pair)
        self._decimals = copied.setup.feed_decimals

    def set_price(self, price_wad: int, seconds: int) -> None:
        """Make the feed answer the price in its own decimals, rounded down, but never nothing."""
        shift = self._decimals - WAD_DECIMALS
        answer = price_wad * 10**shift if shift > 0 else price_wad // 10**-shift
        self._act(actions.SetPrice(OWNER, max(LEAST, answer), 0), seconds)

    def deposit(self, assets: int, seconds: int) -> None:
        """Leave the pool alone."""

    def fund_insurance(self, assets: int, seconds: int) -> None:
        """Leave the insurance fund alone."""


def along(copied: Copied, bars: Sequence[Bar], stop: Stop, watch: Callable[[], None]) -> Played:
    """Play a path from the present price on, and bring the copy back to where it was.

    ``bars`` are scaled so that the first opens at the present price. ``watch`` is called after each.

    Raises:
        Divergence: copy and model disagree.
    """
    pair, mark = copied.pair, copied.pair.snapshot()
    market = pair.model.market
    begin = Start((), pool_assets=market.pool.balance(), insurance_assets=market.vault.insurance)
    played = play_at(CopyVenue(copied), begin, scaled(bars, market.vault.carry.last_price), stop, watch)
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


class CopyArena(Arena):
    """Where machines run: whichever market they draw, it is the copy as it was."""

    def __init__(self, copied: Copied) -> None:
        """Mark the copy as it is now."""
        setups = [replace(copied.setup, name=setup.name) for setup in MARKETS]
        super().__init__(self._never, setups)
        self._pair, self._mark = copied.pair, copied.pair.snapshot()

    def enter(self, name: str) -> Pair:
        """Return the copy, brought back to where it was."""
        self.market = name
        self._pair.restore(self._mark)
        return self._pair

    def _never(self, setup: MarketSetup) -> Pair:
        raise AssertionError(f"{setup.name}: a copy is deployed by nobody")


def searched(copied: Copied, seed: int, budget: Budget, told: Callable[[Tally], None]) -> Campaign:
    """Search for a disagreement of copy and model, from the copy's state on."""
    return search(MovingPriceRules, CopyArena(copied), seed, budget, told)

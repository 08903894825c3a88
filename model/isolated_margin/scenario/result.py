"""What came of a scenario, as frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass

from isolated_margin.margin import Position
from isolated_margin.scenario.prices import Bar


@dataclass(frozen=True, slots=True)
class BarResult:
    """The market at the end of a bar, and what the bar did. Counts and ``deficit`` are of the bar alone.

    ``insurance`` and ``pool_value`` in assets; ``pool_value`` is the pool's balance less what it owes and
    less the traders' net profit, so what it would have if everyone closed.
    """

    bar: Bar
    partial_liquidations: int
    full_liquidations: int
    deleveragings: int
    deficit: int
    insurance: int
    pool_value: int
    positions: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of the whole run; ``deficit``, ``covered``, ``rewards_added`` and ``pool_loss`` in assets.

    ``refused``: actions that the market refused, orders above all. ``covered``: what insurance paid of the
    deficits, ``rewards_added``: what it added to liquidators' rewards, ``pool_loss``: the deficits that were
    left to the pool.
    """

    transactions: int
    opened: int
    refused: int
    partial_liquidations: int
    full_liquidations: int
    deleveragings: int
    deficits: int
    deficit: int
    covered: int
    rewards_added: int
    pool_loss: int


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What came of a run; all of it stays true when the run was ended early.

    ``pool_assets`` and ``insurance_assets``: what the providers brought. ``largest_loss_ppm``: the largest
    share that a position lost of what was put into it, rounded up; 0 when none lost. ``positions``: each as
    it was opened, by id. ``prices``: every price that was met, WAD.
    """

    series: tuple[BarResult, ...]
    totals: Totals
    pool_assets: int
    pool_value: int
    insurance_assets: int
    insurance: int
    largest_loss_ppm: int
    live_positions: int
    positions: Mapping[int, Position]
    prices: tuple[int, ...]

    @property
    def insurance_used(self) -> int:
        """Return what insurance paid out, assets."""
        return self.totals.covered + self.totals.rewards_added

    @property
    def pool_gain(self) -> int:
        """Return what the pool gained on what was brought to it, assets; negative is a loss."""
        return self.pool_value - self.pool_assets

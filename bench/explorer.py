"""The explorer beside the Hypothesis machine, turn by turn: ``python -m bench.explorer``."""

from statistics import median
from time import process_time
from typing import Final

from rich.table import Table
from ringfence.engine.explorer import Explorer
from ringfence.engine.tally import Tally
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.markets import MARKETS
from ringfence.vaults.isolated_margin.rules.hypothesis_campaign import PROFILE

from bench.machine import density, machine, on_vault

TURNS: Final = 5
STEPS: Final = 10_000  # of the explorer in each turn; the machine does about half as many
WARM_UP: Final = 2_000  # steps, in which markets are started


def table() -> Table:
    """Measure, and return what each does in the median turn, and the median of their ratios."""
    slow, fast = Tally(), Tally()
    explorer = Explorer(MARKETS, 1, subject=OwnVault.compiled())
    explorer.run(steps=WARM_UP)
    turns = [_turn(explorer, seed, slow, fast) for seed in range(1, TURNS + 1)]
    rates = Table("search", "steps/s", "times", "situations per 1,000", box=None, pad_edge=False)
    machines, explorers = (median(rates) for rates in zip(*turns, strict=True))
    times = median(explored / searched for searched, explored in turns)
    rates.add_row("Hypothesis machine", f"{machines:,.0f}", "1.0", density(slow))
    rates.add_row("explorer", f"{explorers:,.0f}", f"{times:.1f}", density(fast))
    return rates


def _turn(explorer: Explorer, seed: int, slow: Tally, fast: Tally) -> tuple[float, float]:
    """Return the steps a second of the machine and then of the explorer, and count what they did."""
    searched, recorder = machine(on_vault, PROFILE, [seed])
    slow.update(recorder.tally)
    begun = process_time()
    done = explorer.run(steps=STEPS)
    fast.update(done.tally)
    return searched, done.steps / (process_time() - begun)


if __name__ == "__main__":
    from rich import print as show

    show(table())

"""Steps per second of a search and of its parts, turn by turn: ``python -m bench.search``."""

from statistics import median
from time import process_time
from typing import Any, Final

from rich.table import Table
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.vaults.isolated_margin.target import our_vault

TURNS: Final = 5
STEPS: Final = 4_000  # in each turn
WARM_UP: Final = 2_000  # steps, in which markets are started


class Measured:
    """A search, whose steps a second of this process are measured turn by turn."""

    def __init__(self, target: Target, **options: Any) -> None:
        self.rates, self.features = list[float](), 0
        self._search = Search(target, 1, **options)
        self._search.run(Budget(None, None, WARM_UP))

    def turn(self) -> None:
        """Search for a turn."""
        begun = process_time()
        done = self._search.run(Budget(None, None, STEPS))
        self.rates.append(done.steps / (process_time() - begun))
        self.features += len(done.reached)


def table() -> Table:
    """Measure, and return what each does in the median turn, and the median of their ratios."""
    searches = {
        "every step checked by all properties": Measured(our_vault(), is_compared=False),
        "a fifth of the steps checked, every one compared": Measured(our_vault()),
        "every step compared, none checked": Measured(our_vault(), is_checked=False),
    }
    for _ in range(TURNS):
        for each in searches.values():
            each.turn()
    rates = Table("search", "steps/s", "times", "new features", box=None, pad_edge=False)
    slowest = next(iter(searches.values())).rates
    for name, each in searches.items():
        times = median(rate / slow for rate, slow in zip(each.rates, slowest, strict=True))
        rates.add_row(name, f"{median(each.rates):,.0f}", f"{times:.1f}", f"{each.features:,}")
    return rates


if __name__ == "__main__":
    from rich import print as show

    show(table())

"""How long a finding of a hundred random steps takes to become short: ``python -m bench.shrinking``."""

from statistics import median
from typing import Final

from rich.table import Table
from ringfence.engine.hunt import Hunt
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen, specimens
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import SETUPS, starting

SEEDS: Final = (1, 2, 3)
RULES: Final = 100  # played in each program
MARKET: Final = "standard"
NAMES: Final = (
    "deficit shared by all margins",
    "at the threshold",
    "open interest falls by the whole",
    "anyone removes margin",
    "half at a time",
    "entry price blended arithmetically",
)


def table() -> Table:
    """Measure, and return for each bug the lengths before and after, and the seconds of this process."""
    rows = Table("bug", "steps", "shortest", "median s", "worst s", box=None, pad_edge=False)
    for specimen in specimens():
        if specimen.name in NAMES:
            before, after, seconds = zip(*[_shrunk(specimen, seed) for seed in SEEDS], strict=True)
            figures = (*map(_span, (before, after)), f"{median(seconds):.2f}", f"{max(seconds):.2f}")
            rows.add_row(specimen.name, *figures)
    return rows


def _shrunk(specimen: Specimen, seed: int) -> tuple[int, int, float]:
    """Return a program's length, that of the shortest which breaks the same law, and the time between."""
    hunt = Hunt(starting(specimen.sources()), [SETUPS[MARKET]], seed)
    program = hunt.long_program(specimen.law, MARKET, RULES)
    catch = hunt.shortened(specimen.law, MARKET, program, 0.0)
    return len(program), len(catch.program), catch.shortening


def _span(lengths: tuple[int, ...]) -> str:
    return f"{min(lengths)}-{max(lengths)}"


if __name__ == "__main__":
    from rich import print as show

    show(table())

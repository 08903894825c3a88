"""The comparison on the example vaults as a page of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side.examples import DEPTH
from bench.side_by_side.summary import Row
from bench.side_by_side.text import made, table

PAGE: Final = ROOT / "bench" / "results" / "examples.md"
ABOUT: Final = """\
# The examples, side by side

Written by `python -m bench.side_by_side --examples`. Every vault of `examples/`, with each of its seeded
bugs, is searched by `ringfence campaign` through its adapter, in process, and by forge's invariant runner
with the handlers and properties of `bench/forge/test`, {depth} calls a run. These were written from the
vaults' sources and adapters before their seeded bugs were read; what is said of skew-funding's discount and
of its insurance's target came later. Both tools run the same optimised bytecode, on one core.

Seconds are those of the processor, from the first action to the one that shows the bug; compiling, start-up
and shrinking are apart. A search ends after {limit:g} seconds. A call of forge's handlers makes one action or
several, and looks at all properties; a step of ours is one action. forge's start-up is that of a run of one
action, the least of three; it varies by a tenth of a second and more.
"""


@dataclass(frozen=True)
class Compared:
    """One vault. ``rates`` are our steps and forge's calls a second of one core on the sound one, by seed.

    ``missing`` are the seeded bugs that were not searched with all seeds.
    """

    name: str
    missing: list[str]
    rows: list[Row]
    rates: list[tuple[float, float]]

    @property
    def ours(self) -> float:
        """Return our steps a second in the median."""
        return median(ours for ours, _ in self.rates)

    @property
    def forge(self) -> float:
        """Return forge's calls a second in the median."""
        return median(forge for _, forge in self.rates)

    @property
    def ratio(self) -> float:
        """Return the median of our steps for each of forge's calls."""
        return median(ours / forge for ours, forge in self.rates)


def page(compared: list[Compared], seeds: int, limit: float) -> str:
    """Return the page."""
    told = [f"- {sentence}" for sentence in summary(compared)]
    parts = [ABOUT.format(depth=DEPTH, limit=limit), *told, "", *_speed(compared)]
    parts += [f"## Until found, in seconds and steps: median of {seeds} seeds (least to most)", ""]
    for each in compared:
        parts += [f"### {each.name}", "", *table(each.rows), ""]
    return "\n".join([*parts, *made(seeds)]) + "\n"


def summary(compared: list[Compared]) -> Iterator[str]:
    """Yield what the comparison comes to, a sentence each."""
    rows = [row for each in compared for row in each.rows]
    all_of_ours = sum(row.ours.found == row.ours.seeds for row in rows)
    all_of_forge = sum(row.forge.found == row.forge.seeds for row in rows)
    yield f"Ours finds {all_of_ours} of {len(rows)} seeded bugs with every seed, forge {all_of_forge}."
    fewer = [row for row in rows if row.ours.found < row.forge.found]
    missing = [name for each in compared for name in each.missing]
    yield f"Not searched by both with every seed, and in no count: {', '.join(missing) or 'none'}."
    yield f"Ours finds with fewer seeds than forge: {_named(fewer)}."
    more = [row for row in rows if row.ours.found > row.forge.found]
    yield f"forge finds with fewer seeds than ours: {_named(more)}."
    both = [row for row in rows if row.ours.seconds is not None and row.forge.seconds is not None]
    sooner = [row for row in both if row.ratio is not None and row.ratio >= 1]
    yield f"Of the {len(both)} that both find with most seeds, ours is no later on {len(sooner)}."
    ratios = [each.ratio for each in compared]
    yield (
        f"Our steps for each call of forge's handlers: {median(ratios):.2f} in the median of the vaults, "
        f"{min(ratios):.2f} at least."
    )


def _named(rows: list[Row]) -> str:
    return ", ".join(row.seeded for row in rows) or "none"


def _speed(compared: list[Compared]) -> Iterator[str]:
    seeds = min(len(each.rates) for each in compared)
    yield f"## Speed on the sound vaults, a second of one core: median of seeds 1 to {seeds}\n"
    yield "| vault | steps of ours | calls of forge | ours / forge |\n|---|---:|---:|---:|"
    for each in compared:
        yield f"| {each.name} | {each.ours:,.0f} | {each.forge:,.0f} | {each.ratio:.2f} |"
    yield ""

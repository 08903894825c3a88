"""The comparison on the example vaults as a page of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side import wake
from bench.side_by_side.examples import DEPTH
from bench.side_by_side.summary import Median, Row
from bench.side_by_side.text import made, table

PAGE: Final = ROOT / "bench" / "results" / "examples.md"
ABOUT: Final = """\
# The examples, side by side

Written by `python -m bench.side_by_side --examples`. Every vault of `examples/`, with each of its seeded
bugs, is searched by `ringfence campaign` through its adapter, in process; by forge's invariant runner
with the handlers and properties of `bench/forge/test`, {depth} calls a run; and by Wake with the flows and
invariants of `bench/wake`, its EVM in process, {depth} flows a sequence. All run the same optimised bytecode,
skew-funding's as Vyper compiled it, on one core, and take turns, as the machine has other work too.

forge's handlers were written from the vaults' sources and adapters before their seeded bugs were read; what
is said of skew-funding's discount and of its insurance's target came later. Wake's flows draw what forge's
handlers draw, about as often; each vault has a mirror in Python, which predicts what is refused, and with
which all invariants compare after every flow. They were written after the seeded bugs had been read, so that
Wake has an advantage. Its contract types are made from ABIs here, as it makes none from Vyper.

Seconds are those of the processor, from the first action to the one that shows the bug; compiling, start-up
and shrinking are apart. A search ends after {limit:g} seconds. A call of forge's handlers or a flow of Wake's
makes one action or several, and looks at all properties; a step of ours is one action. forge's start-up is
that of a run of one action, the least of three; it varies by a tenth of a second and more.
"""


class Rates(NamedTuple):
    """Our steps, forge's calls and Wake's flows a second of one core, on a sound vault with one seed."""

    ours: float
    forge: float
    wake: float


@dataclass(frozen=True)
class Compared:
    """One vault, with the rates of each seed.

    ``missing`` are the seeded bugs that were not searched with all seeds.
    """

    name: str
    missing: list[str]
    rows: list[Row]
    rates: list[Rates]

    def rate(self, tool: str) -> float:
        """Return a tool's rate in the median."""
        return median(getattr(each, tool) for each in self.rates)

    def ratio(self, tool: str) -> float:
        """Return the median of our steps for each call or flow of another tool."""
        return median(each.ours / getattr(each, tool) for each in self.rates)


def page(compared: list[Compared], seeds: int, limit: float) -> str:
    """Return the page."""
    told = [f"- {sentence}" for sentence in summary(compared)]
    parts = [ABOUT.format(depth=DEPTH, limit=limit), *told, "", *_speed(compared)]
    parts += [f"## Until found, in seconds and steps: median of {seeds} seeds (least to most)", ""]
    for each in compared:
        parts += [f"### {each.name}", "", *table(each.rows), ""]
    return "\n".join([*parts, *made(seeds, f"Wake {wake.version()}")]) + "\n"


def summary(compared: list[Compared]) -> Iterator[str]:
    """Yield what the comparison comes to, a sentence each."""
    rows = [row for each in compared for row in each.rows]
    whole = {tool: sum(_is_found_by_all(row, tool) for row in rows) for tool in Rates._fields}
    yield (
        f"Ours finds {whole['ours']} of {len(rows)} seeded bugs with every seed, forge {whole['forge']}, "
        f"Wake {whole['wake']}."
    )
    missing = [name for each in compared for name in each.missing]
    yield f"Not searched by all three with every seed, and in no count: {', '.join(missing) or 'none'}."
    for tool, name in (("forge", "forge"), ("wake", "Wake")):
        yield from _against(rows, tool, name)
    for tool, unit in (("forge", "call of forge's handlers"), ("wake", "flow of Wake's")):
        ratios = [each.ratio(tool) for each in compared]
        yield (
            f"Our steps for each {unit}: {median(ratios):.2f} in the median of the vaults, "
            f"{min(ratios):.2f} at least."
        )


def _against(rows: list[Row], tool: str, name: str) -> Iterator[str]:
    pairs = [(row, _median(row, tool)) for row in rows]
    fewer = [row.seeded for row, other in pairs if row.ours.found < other.found]
    more = [row.seeded for row, other in pairs if row.ours.found > other.found]
    yield f"Ours finds with fewer seeds than {name}: {', '.join(fewer) or 'none'}."
    yield f"{name} finds with fewer seeds than ours: {', '.join(more) or 'none'}."
    both = [row.ratio_of(other) for row, other in pairs if other.seconds is not None]
    both = [ratio for ratio in both if ratio is not None]
    sooner = sum(ratio >= 1 for ratio in both)
    yield f"Of the {len(both)} that {name} and ours find with most seeds, ours is no later on {sooner}."


def _median(row: Row, tool: str) -> Median:
    found: Median = getattr(row, tool)
    return found


def _is_found_by_all(row: Row, tool: str) -> bool:
    return _median(row, tool).found == _median(row, tool).seeds


def _speed(compared: list[Compared]) -> Iterator[str]:
    seeds = min(len(each.rates) for each in compared)
    yield f"## Speed on the sound vaults, a second of one core: median of seeds 1 to {seeds}\n"
    yield "| vault | steps of ours | calls of forge | flows of Wake | ours / forge | ours / Wake |"
    yield "|---|---:|---:|---:|---:|---:|"
    for each in compared:
        rates = [f"{each.rate(tool):,.0f}" for tool in Rates._fields]
        ratios = [f"{each.ratio(tool):.2f}" for tool in ("forge", "wake")]
        yield f"| {each.name} | {' | '.join(rates + ratios)} |"
    yield ""

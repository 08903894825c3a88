"""The comparison as a page of text."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side import forge
from bench.side_by_side.found import Search
from bench.side_by_side.subject import PLAIN
from bench.side_by_side.summary import SHARE, SLOW, Median, Row

PAGE: Final = ROOT / "bench" / "results" / "side_by_side.md"
NOT_FOUND: Final = "not found"
ABOUT: Final = """\
# Side by side

Written by `python -m bench.side_by_side`. Seconds are those of one core, from the first action to the one
that shows the bug; compiling, start-up and shortening are apart. Every tool runs the same optimised bytecode
in the same markets; handlers of `bench/forge/test/isolated_margin` do what the machines' rules do, with the
same ranges. A search ends after {limit:g} seconds.

forge says in Solidity what can be said there without a model: not GAS-1, nor ISO-2 as such (a second
history), nor that a requirement itself is wrong where the vault's own lens shares the mistake. Ours compares
every step with the model and has every property look at a fifth of the steps. Its steps are transactions and
price moves, with those to the end of the turn, up to 1,500 more than it took. A call of forge's handlers
makes one to four. forge's start-up is that of runs of one action, the least of three; it varies by a tenth of
a second and more, and what is below that, 0.00 above all, says no more than soon.
"""


def page(rows: list[Row], plain: list[Search], rates: dict[str, float], seeds: int, limit: float) -> str:
    """Return the page."""
    told = [f"- {sentence}" for sentence in summary(rows, rates)]
    parts = [ABOUT.format(limit=limit), *told, "", *_speed(rates), *_findings(rows, seeds)]
    parts += _plain(plain, rows)
    return "\n".join([*parts, *made(seeds)]) + "\n"


def summary(rows: list[Row], rates: dict[str, float]) -> list[str]:
    """Return what the comparison comes to, a sentence each."""
    both = [row for row in rows if row.forge.seconds is not None]
    slow = [row for row in both if row.forge.seconds is not None and row.forge.seconds > SLOW]
    kept = [row for row in slow if not row.is_short_of_promise]
    alone = [row for row in rows if row.forge.found == 0 and row.ours.found]
    everything = sum(row.ours.found == row.ours.seeds for row in rows)
    ratios = [row.ratio for row in both if row.ratio is not None]
    if not ratios:
        return ["Nothing was searched by both tools."]
    sentences = [
        f"Ours finds {everything} of {len(rows)} seeded bugs with every seed, "
        f"forge {sum(row.forge.found == row.forge.seeds for row in rows)}; "
        f"{len(alone)} only ours finds.",
        f"Of the {len(both)} that forge finds with most seeds, ours takes a median of 1/{median(ratios):.0f} "
        f"of forge's time.",
        f"Of the {len(slow)} on which forge takes more than {SLOW:g} s, ours takes less than a fifth "
        f"on {len(kept)}.",
    ]
    if {"ours", "forge"} <= rates.keys():
        sentences.append(
            f"Ours does {rates['ours'] / rates['forge']:.1f} steps, every one compared with the model, "
            f"for each call of forge's handlers."
        )
    return sentences


def _speed(rates: dict[str, float]) -> Iterator[str]:
    named = {
        "ours": "ours: the explorer, every step compared with the model",
        "forge": "forge: handlers and properties, calls",
        "forge bare": "forge: the same handlers, nothing looked at, calls",
        PLAIN: "plain Ape + Hypothesis, transactions",
    }
    if "forge" not in rates:
        return
    yield "## Speed on the unbroken vault\n"
    yield "| tool | a second of one core | times forge |\n|---|---:|---:|"
    for tool, name in named.items():
        if tool in rates:
            yield f"| {name} | {rates[tool]:,.1f} | {rates[tool] / rates['forge']:.2f} |"
    yield ""


def _findings(rows: list[Row], seeds: int) -> Iterator[str]:
    yield f"## Until found, in seconds and steps: median of {seeds} seeds (least to most)\n"
    yield from table(rows)
    yield ""
    losses = [row.seeded for row in rows if row.is_loss]
    short = [row.seeded for row in rows if row.is_short_of_promise and not row.is_loss]
    yield f"Ours is later than forge, or finds it with fewer seeds, on: {', '.join(losses) or 'none'}."
    told = ", ".join(short) or "none"
    yield f"forge takes more than {SLOW:g} s and ours more than 1/{SHARE:g} of that, on: {told}."
    yield ""


def table(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of a table of seeded bugs; Wake has columns where it searched for them."""
    others = {"forge": ("forge", "calls")}
    if all(row.wake for row in rows):
        others["wake"] = ("Wake", "flows")
    searched = [*others.values(), ("ours", "steps")]
    named = [each for pair in searched for each in pair] + [f"{name} / ours" for name, _ in others.values()]
    yield f"| seeded bug | property | {' | '.join(named)} |"
    yield f"|---|---|{'---:|' * len(named)}"
    for row in rows:
        compared = [getattr(row, name) for name in others]
        cells = [cell for each in (*compared, row.ours) for cell in (_time(each), _steps(each))]
        cells += [_ratio(row, each) for each in compared]
        yield f"| {' | '.join([row.seeded, row.property_id, *cells])} |"


def _ratio(row: Row, other: Median) -> str:
    ratio = row.ratio_of(other)
    return "" if ratio is None else f"{'' if other.seconds is not None else '> '}{ratio:,.1f}"


def _plain(searches: list[Search], rows: list[Row]) -> Iterator[str]:
    if not searches:
        return
    limit = rows[0].limit
    yield "## Plain Ape + Hypothesis on some of them\n"
    yield "| seeded bug | found | seconds | transactions |\n|---|---:|---:|---:|"
    for seeded in dict.fromkeys(search.seeded for search in searches):
        middle = Median.of([search for search in searches if search.seeded == seeded], limit)
        yield f"| {seeded} | {middle.found} of {middle.seeds} | {_time(middle)} | {_steps(middle)} |"
    yield ""


def _time(middle: Median) -> str:
    if middle.seconds is None:
        return NOT_FOUND if not middle.found else f"{NOT_FOUND} by most ({middle.found} of {middle.seeds})"
    most = (
        f"{middle.most:.2f}" if middle.most is not None else f"{NOT_FOUND} by {middle.seeds - middle.found}"
    )
    return f"{middle.seconds:.2f} ({middle.least:.2f} to {most})"


def _steps(middle: Median) -> str:
    return "" if middle.steps is None else f"{middle.steps:,}"


def made(seeds: int, *others: str) -> Iterator[str]:
    """Yield what the numbers were measured with; ``others`` name more programs."""
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("ringfence", "hypothesis", "pyrevm", "eth-ape")
    )
    processor = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    cores = f"{os.cpu_count()} cores of {processor}"
    yield "## Made with\n"
    yield ", ".join([f"forge {forge.version()}", *others, packages]) + ";"
    yield f"seeds 1 to {seeds}; {cores};"
    yield f"load over 1, 5 and 15 minutes at the end {load}; {datetime.now(UTC):%Y-%m-%d}."

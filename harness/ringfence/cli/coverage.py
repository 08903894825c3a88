"""Search, and show which lines and branches of the Solidity sources the search reaches."""

from collections.abc import Sequence
from pathlib import Path
from secrets import randbits
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import adapter_option
from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.cli.progress import search_progress
from ringfence.engine.budget import Budget
from ringfence.measure.coverage.html import page
from ringfence.measure.coverage.lcov import tracefile
from ringfence.measure.coverage.reached import Reached
from ringfence.measure.coverage.search import CoverageSearch
from ringfence.measure.coverage.tables import missed_table, table
from ringfence.measure.coverage.target import InstrumentedTarget
from ringfence.measure.coverage.unreached import UnreachedWay, mistakes, reasons
from ringfence.measure.exceptions import entries_in
from ringfence.types.exit_codes import ExitCode

SECONDS: Final = 30
SEED_BITS: Final = 32
FILE: Final = click.Path(path_type=Path, dir_okay=False)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)


@click.command(help=__doc__)
@click.option("--seconds", type=float, metavar="N", help=f"Stop after N seconds; {SECONDS} without --steps.")
@click.option("--steps", type=int, metavar="N", help="Stop after N steps, at the end of a sequence.")
@click.option("--seed", type=int, help="Repeat the search of this seed; drawn when not given.")
@click.option(
    "--corpus", type=FOLDER, help="Run the call sequences of a campaign's corpus instead of a search."
)
@adapter_option
@click.option(
    "--file", "part", metavar="PART", default="", help="Show the files with PART in their paths alone."
)
@click.option("--lcov", type=FILE, help="Write an lcov tracefile there.")
@click.option("--html", type=FILE, help="Write the sources with what was reached there, as one page.")
@click.option("--fail-under", type=float, metavar="PERCENT", help="Fail when fewer branches are reached.")
@click.pass_context
def coverage(
    ctx: click.Context,
    seconds: float | None,
    steps: int | None,
    seed: int | None,
    corpus: Path | None,
    adapter: str,
    part: str,
    lcov: Path | None,
    html: Path | None,
    fail_under: float | None,
) -> None:
    """Search, show, write; fail when the list of what is out of reach is wrong, or on too little."""
    for name, amount in (("--seconds", seconds), ("--steps", steps)):
        if amount is not None and amount <= 0:
            raise CannotTell(f"{name} must be more than 0, not {amount:g}.")
    if corpus and (seconds or steps or seed is not None):
        raise CannotTell("--corpus takes neither a budget nor a seed: its sequences are run unchanged.")
    seed = randbits(SEED_BITS) if seed is None else seed
    is_endless = seconds is None and steps is None and corpus is None
    budget = Budget(None, SECONDS if is_endless else seconds, steps)
    with one_sentence():
        search = _search(adapter, seed, corpus)
        files = search.target.instrumentation.texts
        if not any(part in file for file in files):
            raise CannotTell(f"{part} is in no path: there are {', '.join(sorted(files))}.")
        known = entries_in(search.target.measurements.unreachable, UnreachedWay, "reason")
        points = len(search.target.instrumentation.points)
        with search_progress(budget, lambda _: f", {len(search.hits)}/{points} points") as progress:
            result, problem = search.run(budget, progress)
    reached = search.target.reached()
    shown = reached.within(part)
    origin = f"{result.runs:,} runs, {result.steps:,} steps in {result.seconds:.1f} s"
    origin += "" if corpus else f"; seed {seed}"
    with one_sentence():
        _show(shown, known, origin, lcov, html)
    problems = [problem, *mistakes(reached, known)] if problem else list(mistakes(reached, known))
    percent = shown.way_share.percent
    if fail_under is not None and percent < fail_under:
        problems.append(f"{percent:.1f} % of the branches were reached, and {fail_under:g} % were asked for.")
    for each in problems:
        click.echo(each)
    if result.is_interrupted:
        click.echo("Interrupted; this is what was reached.")
        ctx.exit(ExitCode.INTERRUPTED)
    ctx.exit(ExitCode.FAILED if problems else ExitCode.CLEAN)


def _search(adapter: str, seed: int, corpus: Path | None) -> CoverageSearch:
    """Compile with marks, which takes a while the first time."""
    with Console(stderr=True).status("compiling with marks"):
        return CoverageSearch(InstrumentedTarget(adapter), seed, corpus)


def _show(
    reached: Reached, known: Sequence[UnreachedWay], origin: str, lcov: Path | None, html: Path | None
) -> None:
    """Print the table, then every branch that was not taken with the reason if there is one; write files."""
    console, files, missed = Console(), reached.files(), reached.missed()
    why = reasons(missed, known)
    console.print(table(files), "", sep="\n")
    if missed or reached.uncalled():
        console.print(missed_table(reached, why), "", sep="\n")
    click.echo(origin)
    texts: dict[Path, str] = {}
    if lcov:
        texts[lcov] = tracefile(files, Path.cwd())
    if html:
        texts[html] = page("What the search reaches", origin, files, why)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"Written to {path}.")

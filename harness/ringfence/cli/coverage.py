"""Search, and show which lines and branches of the Solidity sources the search reaches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING, Final

import click

from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.measure.coverage.reached import Reached
    from ringfence.measure.coverage.search import Covered, Searching
    from ringfence.measure.coverage.unreached import UnreachedWay

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
@click.option("--adapter", metavar="FILE.PY:CLASS", help="Look at a vault of yours, by its adapter.")
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
    adapter: str | None,
    lcov: Path | None,
    html: Path | None,
    fail_under: float | None,
) -> None:
    """Search, show, write; fail when the list of what is out of reach is wrong, or on too little."""
    from ringfence.measure.coverage.search import reached_by
    from ringfence.measure.coverage.unreached import entries, mistakes

    for name, amount in (("--seconds", seconds), ("--steps", steps)):
        if amount is not None and amount <= 0:
            raise CannotTell(f"{name} must be more than 0, not {amount:g}.")
    if corpus and (adapter or seconds or steps or seed is not None):
        raise CannotTell("--corpus is done as it is: it takes neither a budget, a seed nor --adapter.")
    seed = randbits(SEED_BITS) if seed is None else seed
    seconds = SECONDS if seconds is None and steps is None and corpus is None else seconds
    with one_sentence():
        search = _search(adapter, corpus, seed)
        done = _covered(search, seconds, steps)
    reached = reached_by(search, done)
    known = () if adapter else entries()
    seed_told = "" if corpus else f"; seed {seed}"
    origin = f"{done.runs:,} runs, {done.steps:,} steps in {done.seconds:.1f} s{seed_told}"
    _tell(reached, known, origin)
    with one_sentence():
        _write(reached, known, origin, lcov, html)
    problems = [done.stopped] if done.stopped else []
    problems += mistakes(reached, known)
    percent = reached.way_share.percent
    if fail_under is not None and percent < fail_under:
        problems.append(f"{percent:.1f} % of the branches were reached, and {fail_under:g} % were asked for.")
    for problem in problems:
        click.echo(problem)
    if done.is_interrupted:
        click.echo("Interrupted; this is what was reached.")
        ctx.exit(ExitCode.INTERRUPTED)
    ctx.exit(ExitCode.FAILED if problems else ExitCode.CLEAN)


def _search(adapter: str | None, corpus: Path | None, seed: int) -> "Searching":
    """Compile with marks, which takes a while the first time."""
    from rich.console import Console

    from ringfence.vaults.isolated_margin.markets import MARKETS

    with Console(stderr=True).status("compiling with marks"):
        if adapter:
            from ringfence.measure.coverage.theirs import TheirSearch

            return TheirSearch(adapter, seed)
        if corpus:
            from ringfence.measure.coverage.kept import CorpusRuns

            return CorpusRuns(MARKETS, corpus)
        from ringfence.measure.coverage.ours import OurSearch

        return OurSearch(MARKETS, seed)


def _covered(search: "Searching", seconds: float | None, steps: int | None) -> "Covered":
    from ringfence.measure.coverage.search import cover

    with _progress(seconds, steps, len(search.marking.points)) as told:
        return cover(search, seconds=seconds, steps=steps, told=told)


@contextmanager
def _progress(seconds: float | None, steps: int | None, points: int) -> Iterator[Callable[["Covered"], None]]:
    """Show how much of the budget is spent, and what has been reached."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    told = TextColumn("{task.fields[steps]:,} steps, {task.fields[hits]}/" + str(points) + " points")
    columns = BarColumn(), told, TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=steps or seconds, steps=0, hits=0)

        def update(done: "Covered") -> None:
            spent = done.steps if steps else done.seconds
            progress.update(task, completed=spent, steps=done.steps, hits=len(done.hits))

        yield update


def _tell(reached: "Reached", known: "tuple[UnreachedWay, ...]", origin: str) -> None:
    """Print the table, then every branch that was not taken with the reason if there is one."""
    from rich.console import Console

    from ringfence.measure.coverage.tables import missed_table, table
    from ringfence.measure.coverage.unreached import reasons

    console = Console()
    console.print(table(reached.files()), "", sep="\n")
    missed = reached.missed()
    if missed or reached.uncalled():
        console.print(missed_table(reached, reasons(missed, known)), "", sep="\n")
    click.echo(origin)


def _write(
    reached: "Reached", known: "tuple[UnreachedWay, ...]", origin: str, lcov: Path | None, html: Path | None
) -> None:
    from ringfence.measure.coverage.html import page
    from ringfence.measure.coverage.lcov import tracefile
    from ringfence.measure.coverage.unreached import reasons

    files = reached.files()
    texts: dict[Path, str] = {}
    if lcov:
        texts[lcov] = tracefile(files, Path.cwd())
    if html:
        texts[html] = page("What the search reaches", origin, files, reasons(reached.missed(), known))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"Written to {path}.")

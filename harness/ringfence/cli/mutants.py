"""Change a vault's Solidity one thing at a time, and say who notices."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

import click

from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.measure.mutation.mutant import Mutant
    from ringfence.measure.mutation.run import Results, Selection
    from ringfence.measure.mutation.target import MutationTarget
    from ringfence.measure.mutation.verdict import Verdict

FILE: Final = click.Path(path_type=Path, dir_okay=False)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
STATE: Final = Path(".build", "mutants")
WIDTH: Final = 120  # columns; a diff is not cut


@click.command(help=__doc__)
@click.option("--adapter", metavar="FILE.PY:CLASS", help="Mutate the contracts of a vault of yours.")
@click.option("--files", multiple=True, metavar="PATTERN", help="Mutate these files alone, as libraries/*.")
@click.option("--operators", multiple=True, help="Use this operator alone; domain and generic are groups.")
@click.option("--every", is_flag=True, help="Make every change, not one of an operator on each line.")
@click.option("--sample", type=int, help="Judge N of them, drawn by the seed.")
@click.option("--seed", type=int, default=1, show_default=True, help="Sample and search by this seed.")
@click.option("--workers", type=int, default=os.cpu_count() or 1, show_default="one a core")
@click.option(
    "--state", type=FOLDER, default=STATE, show_default=True, help="Resume from what is stored there."
)
@click.option("--argued", type=FILE, help="List of equivalent mutants that survive; ours has its own.")
@click.option("--matrix", type=FILE, help="Write who noticed what there, as JSON.")
@click.option("--summary", type=FILE, help="Write the counts there, as a page of Markdown.")
@click.pass_context
def mutants(
    ctx: click.Context,
    adapter: str | None,
    files: tuple[str, ...],
    operators: tuple[str, ...],
    every: bool,
    sample: int | None,
    seed: int,
    workers: int,
    state: Path,
    argued: Path | None,
    matrix: Path | None,
    summary: Path | None,
) -> None:
    """Judge the selected mutants, tell the survivors, and fail on one that is not argued."""
    from ringfence.measure.mutation.argued import OURS
    from ringfence.measure.mutation.run import Selection

    for name, amount in (("--workers", workers), ("--sample", sample)):
        if amount is not None and amount < 1:
            raise CannotTell(f"{name} must be at least 1, not {amount}.")
    selection = Selection(files, operators, every, sample, seed)
    with _one_sentence():
        listed = argued or (None if adapter else OURS)
        results = _judged(_target(adapter), selection, workers, state, listed)
        _tell(results)
        _write(results, matrix, summary)
    if results.is_interrupted:
        ctx.exit(ExitCode.INTERRUPTED)
    ctx.exit(ExitCode.CLEAN if results.is_good else ExitCode.FAILED)


@contextmanager
def _one_sentence() -> Iterator[None]:
    """End the command with the message of whatever is in the way."""
    from ringfence.measure.mutation.argued import BadList
    from ringfence.measure.mutation.target import Unfit

    with one_sentence():
        try:
            yield
        except (BadList, Unfit) as refusal:
            raise CannotTell(str(refusal)) from None


def _target(adapter: str | None) -> "MutationTarget":
    from ringfence.measure.mutation.our_vault import OurVault
    from ringfence.measure.mutation.own_vault import AdapterTarget

    return AdapterTarget(adapter) if adapter else OurVault()


def _judged(
    target: "MutationTarget", selection: "Selection", workers: int, folder: Path, argued: Path | None
) -> "Results":
    """Select, check what all is measured by, and judge with a line of progress."""
    from ringfence.engine.versions import versions
    from ringfence.measure.mutation.argued import arguments_in
    from ringfence.measure.mutation.engine import judge_all
    from ringfence.measure.mutation.run import Results
    from ringfence.measure.mutation.state import Killers, State

    arguments = arguments_in(argued) if argued else {}
    every, chosen = selection.chosen(target)
    target.check()
    verdicts: dict[str, Verdict] = {}
    state, begun, is_interrupted = State(folder, target.name), monotonic(), False
    click.echo(
        f"{target.name}: {len(chosen)} mutants of {len(every)}, {workers} at a time; seed {selection.seed}"
    )
    try:
        with _progress(len(chosen)) as update:
            told = _collecting(verdicts, update)
            corpus = Killers(state.sequences(every))
            judge_all(target, chosen, state, corpus, workers=workers, seed=selection.seed, told=told)
    except KeyboardInterrupt:
        is_interrupted = True
    return Results(
        target.name,
        target.sources,
        selection,
        every,
        chosen,
        verdicts,
        arguments,
        monotonic() - begun,
        is_interrupted,
        versions(),
    )


def _collecting(
    verdicts: dict[str, "Verdict"], update: Callable[[dict[str, "Verdict"]], None]
) -> Callable[["Mutant", "Verdict"], None]:
    def told(mutant: "Mutant", verdict: "Verdict") -> None:
        verdicts[mutant.id] = verdict
        update(verdicts)

    return told


@contextmanager
def _progress(count: int) -> Iterator[Callable[[dict[str, "Verdict"]], None]]:
    """Show how many were judged, and how many of these survived."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from ringfence.measure.mutation.verdict import ALIVE

    told = TextColumn("{task.completed} of {task.total}, {task.fields[alive]} survived")
    columns = BarColumn(), told, TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=count, alive=0)

        def update(verdicts: dict[str, "Verdict"]) -> None:
            alive = sum(verdict.fate in ALIVE for verdict in verdicts.values())
            progress.update(task, completed=len(verdicts), alive=alive)

        yield update


def _tell(results: "Results") -> None:
    """Print survivors and counts, and what they come to."""
    from rich.console import Console

    from ringfence.measure.mutation.told import survivors, tables, verdict

    console = Console(width=max(Console().width, WIDTH))
    for part in survivors(results):
        console.print(part)
    for table in tables(results):
        console.print(table, "")
    for problem in results.problems:
        click.echo(f"list of arguments: {problem}")
    click.echo(verdict(results))
    if results.is_interrupted:
        click.echo("Interrupted; the same command goes on from here.")


def _write(results: "Results", matrix: Path | None, summary: Path | None) -> None:
    from ringfence.measure.mutation import matrix as writing
    from ringfence.measure.mutation.page import markdown

    if matrix:
        writing.write(results, matrix)
    if summary:
        summary.write_text(markdown(results), encoding="utf-8")

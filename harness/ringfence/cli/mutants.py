"""Change a vault's Solidity one thing at a time, and report what notices."""

import os
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import adapter_option
from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.cli.progress import progress_bar
from ringfence.measure.mutation.engine import judge_all
from ringfence.measure.mutation.equivalents import equivalents_in
from ringfence.measure.mutation.matrix import write
from ringfence.measure.mutation.reports import markdown, sentence, survivors, tables
from ringfence.measure.mutation.run import Results, Selection
from ringfence.measure.mutation.state import State
from ringfence.measure.mutation.target import MutationTarget
from ringfence.measure.mutation.verdict import ALIVE, Verdict
from ringfence.report import known as known_findings
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import CauseKey

FILE: Final = click.Path(path_type=Path, dir_okay=False)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
STATE: Final = Path(".build", "mutants")
WIDTH: Final = 120  # columns; a diff is not cut


@click.command(help=__doc__)
@adapter_option
@click.option("--files", multiple=True, metavar="PATTERN", help="Mutate these files alone, as libraries/*.")
@click.option("--operators", multiple=True, help="Use this operator alone; domain and generic are groups.")
@click.option("--every", is_flag=True, help="Make every change, not one of an operator on each line.")
@click.option("--sample", type=int, help="Judge N of them, drawn by the seed.")
@click.option("--seed", type=int, default=1, show_default=True, help="Sample and search by this seed.")
@click.option("--workers", type=int, default=os.cpu_count() or 1, show_default="one a core")
@click.option(
    "--state", type=FOLDER, default=STATE, show_default=True, help="Resume from what is stored there."
)
@click.option("--known", type=FILE, help="Pass over the findings that this file lists by their causes.")
@click.option("--equivalent", type=FILE, help="List of equivalent mutants that survive; ours has its own.")
@click.option("--matrix", type=FILE, help="Write who noticed what there, as JSON.")
@click.option("--summary", type=FILE, help="Write the counts there, as a page of Markdown.")
@click.pass_context
def mutants(
    ctx: click.Context,
    adapter: str,
    files: tuple[str, ...],
    operators: tuple[str, ...],
    every: bool,
    sample: int | None,
    seed: int,
    workers: int,
    state: Path,
    known: Path | None,
    equivalent: Path | None,
    matrix: Path | None,
    summary: Path | None,
) -> None:
    """Judge the selected mutants, show the survivors, and fail on one that is not equivalent."""
    for name, amount in (("--workers", workers), ("--sample", sample)):
        if amount is not None and amount < 1:
            raise CannotTell(f"{name} must be at least 1, not {amount}.")
    selection = Selection(files, operators, every, sample, seed)
    with one_sentence():
        causes = known_findings.read(known) if known else frozenset[CauseKey]()
        results = _judged(MutationTarget(adapter, causes), selection, workers, state, equivalent)
        _show(results)
        _write(results, matrix, summary)
    if results.is_interrupted:
        ctx.exit(ExitCode.INTERRUPTED)
    ctx.exit(ExitCode.CLEAN if results.is_good else ExitCode.FAILED)


def _judged(
    target: MutationTarget, selection: Selection, workers: int, folder: Path, listed: Path | None
) -> Results:
    """Select, check what all is measured by, and judge with a line of progress."""
    equivalents = equivalents_in(listed or target.compiled.equivalent_mutants)
    every, chosen = selection.chosen(target)
    target.check()
    seed, state = selection.seed, State(folder, target.state_name, every)
    click.echo(f"{target.name}: {len(chosen)} mutants of {len(every)}, {workers} at a time; seed {seed}")
    verdicts: dict[str, Verdict] = {}
    begun, is_interrupted = monotonic(), False
    judging = judge_all(target, chosen, state, workers=workers, seed=seed)
    try:
        with closing(judging), progress_bar(len(chosen)) as show:
            for mutant, verdict in judging:
                verdicts[mutant.id] = verdict
                alive = sum(each.fate in ALIVE for each in verdicts.values())
                show(len(verdicts), f"{len(verdicts)} of {len(chosen)}, {alive} survived")
    except KeyboardInterrupt:
        is_interrupted = True
    seconds = monotonic() - begun
    return Results(
        target.name, target.sources, selection, every, chosen, verdicts, equivalents, seconds, is_interrupted
    )


def _show(results: Results) -> None:
    """Print survivors and counts, and what they come to."""
    console = Console(width=max(Console().width, WIDTH))
    for part in survivors(results):
        console.print(part)
    for table in tables(results):
        console.print(table, "")
    for mistake in results.mistakes:
        click.echo(f"list of equivalent mutants: {mistake}")
    click.echo(sentence(results))
    if results.is_interrupted:
        click.echo("Interrupted; the same command goes on from here.")


def _write(results: Results, matrix: Path | None, summary: Path | None) -> None:
    if matrix:
        write(results, matrix)
    if summary:
        summary.write_text(markdown(results), encoding="utf-8")

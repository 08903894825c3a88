"""Who finds what when: forge, plain Ape with Hypothesis, Wake, and ours; goes on where it was."""

from collections.abc import Callable
from functools import cache
from typing import Final

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side import example_text, forge, found, ours, plain_ape, text, wake
from bench.side_by_side.chosen import our_vault
from bench.side_by_side.examples import examples
from bench.side_by_side.forge import Handlers
from bench.side_by_side.found import Search
from bench.side_by_side.subject import FORGE, OURS, PLAIN, WAKE, Case, Subject
from bench.side_by_side.summary import rows
from bench.side_by_side.wake import Flows

TOOLS: Final = (OURS, FORGE, WAKE, PLAIN)
USUAL: Final = (
    OURS,
    FORGE,
    WAKE,
)  # Ape's chain takes no code as large as what is compiled here for all tools
Searching = Callable[[int], Search]


@click.command(help=__doc__)
@click.option("--examples", "is_examples", is_flag=True, help="The vaults of examples/ instead of ours.")
@click.option("--seeds", default=5, show_default=True, help="Search with so many seeds, from 1 on.")
@click.option("--limit", default=20.0, show_default=True, help="End a search after so many seconds.")
@click.option("--only", multiple=True, help="Search for this seeded bug; may be given more than once.")
@click.option(
    "--tool", "tools", multiple=True, type=click.Choice(TOOLS), default=USUAL, help="Run this tool."
)
@click.option(
    "--fresh", is_flag=True, help="Forget the searches that an earlier run of the command has done."
)
def main(
    is_examples: bool, seeds: int, limit: float, only: tuple[str, ...], tools: tuple[str, ...], fresh: bool
) -> None:
    """Search, keep what was found after every search, and write the page."""
    if fresh:
        found.KEPT.unlink(missing_ok=True)
    subjects = examples() if is_examples else [our_vault()]
    if is_examples and not wake.PYTHON.exists():
        raise click.ClickException(
            "Wake has an environment of its own, on Linux: run `make .venv-wake/.installed`."
        )
    if FORGE in tools:
        forge.build()
    try:
        for subject in subjects:
            _search_all(subject, only, seeds, limit, tools)
    except KeyboardInterrupt:
        click.echo("Interrupted; run it again to go on from here.")
        raise SystemExit(ExitCode.INTERRUPTED) from None
    if is_examples:
        _write_examples(subjects, seeds, limit)
    else:
        _write(subjects[0], seeds, limit, tools)


def _search_all(
    subject: Subject, only: tuple[str, ...], seeds: int, limit: float, tools: tuple[str, ...]
) -> None:
    """Do the searches that were not done before; tools take turns, so that other load hits all of them."""
    with Progress(TextColumn("{task.description}"), TimeElapsedColumn(), transient=True) as progress:
        task = progress.add_task("", total=None)
        for case in subject.cases:
            if only and case.name not in only:
                continue
            searching = {tool: _searching(tool, subject, case, limit) for tool in tools if tool in case.tools}
            for seed in range(1, seeds + 1):
                for tool, search in searching.items():
                    progress.update(task, description=f"{subject.name}, {case.name}, seed {seed}: {tool}")
                    _search(search, tool, case, seed, limit)


def _search(searching: Searching, tool: str, case: Case, seed: int, limit: float) -> None:
    """Search, unless it was done before."""
    searches = found.load()
    if not any(each.answers(case, tool, seed, limit) for each in searches):
        found.keep([*searches, searching(seed)])


def _searching(tool: str, subject: Subject, case: Case, limit: float) -> Searching:
    if tool == OURS:
        return lambda seed: ours.search(case, seed, limit)
    if tool == PLAIN:
        return lambda seed: plain_ape.search(case, seed, limit)
    if tool == WAKE:
        return lambda seed: Flows(subject, case).search(seed, limit)
    handlers = cache(lambda: Handlers(subject, case))  # forge's start-up is measured when it is needed
    return lambda seed: handlers().search(seed, limit)


def _write(subject: Subject, seeds: int, limit: float, tools: tuple[str, ...]) -> None:
    """Measure how fast each tool is, and write the page."""
    rates = dict[str, float]()
    if FORGE in tools:
        bare = Handlers(subject, subject.sound, is_bare=True).rate(1)
        rates |= {FORGE: Handlers(subject, subject.sound).rate(1), "forge bare": bare}
    if OURS in tools:
        rates[OURS] = ours.rate(subject.sound, 1)
    if PLAIN in tools:
        rates[PLAIN] = plain_ape.rate()
    searches = found.load()
    compared = rows(searches, subject, seeds, limit)
    plain = [search for search in searches if search.tool == PLAIN]
    text.PAGE.parent.mkdir(parents=True, exist_ok=True)
    text.PAGE.write_text(text.page(compared, plain, rates, seeds, limit))
    for sentence in text.summary(compared, rates):
        click.echo(sentence)
    click.echo(f"Written to {text.PAGE.relative_to(ROOT)}.")


def _write_examples(subjects: list[Subject], seeds: int, limit: float) -> None:
    """Measure how fast all tools are on each sound vault, in turns, and write the page."""
    searches = found.load()
    compared = []
    for subject in subjects:
        its = rows(searches, subject, seeds, limit)
        missing = [each.name for each in subject.cases if each.name not in {row.seeded for row in its}]
        compared.append(example_text.Compared(subject.name, missing, its, _rates(subject, seeds)))
    example_text.PAGE.write_text(example_text.page(compared, seeds, limit))
    for sentence in example_text.summary(compared):
        click.echo(sentence)
    click.echo(f"Written to {example_text.PAGE.relative_to(ROOT)}.")


def _rates(subject: Subject, seeds: int) -> list[example_text.Rates]:
    """Return our steps, forge's calls and Wake's flows a second of one core, for each seed."""
    handlers, flows = Handlers(subject, subject.sound), Flows(subject, subject.sound)
    return [
        example_text.Rates(ours.rate(subject.sound, seed), handlers.rate(seed), flows.rate(seed))
        for seed in range(1, seeds + 1)
    ]


if __name__ == "__main__":
    main()

"""Who finds what when: forge, plain Ape with Hypothesis, and ours, on one vault; goes on where it was."""

from collections.abc import Callable
from functools import partial
from typing import Final

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug

from bench.side_by_side import forge, found, ours, plain_ape, text
from bench.side_by_side.chosen import PLAIN_APE_TOO, chosen
from bench.side_by_side.forge import FORGE
from bench.side_by_side.found import Search
from bench.side_by_side.ours import OURS
from bench.side_by_side.plain_ape import PLAIN
from bench.side_by_side.summary import rows

TOOLS: Final = (OURS, FORGE, PLAIN)
Searching = Callable[[int], Search]


@click.command(help=__doc__)
@click.option("--seeds", default=5, show_default=True, help="Search with so many seeds, from 1 on.")
@click.option("--limit", default=20.0, show_default=True, help="End a search after so many seconds.")
@click.option("--only", multiple=True, help="Search for this seeded bug; may be given more than once.")
@click.option(
    "--tool", "tools", multiple=True, type=click.Choice(TOOLS), default=TOOLS, help="Run this tool."
)
@click.option(
    "--fresh", is_flag=True, help="Forget the searches that an earlier run of the command has done."
)
def main(seeds: int, limit: float, only: tuple[str, ...], tools: tuple[str, ...], fresh: bool) -> None:
    """Search, keep what was found after every search, and write the page."""
    if fresh:
        found.KEPT.unlink(missing_ok=True)
    wanted = [seeded for seeded in chosen() if not only or seeded.name in only]
    if FORGE in tools:
        forge.build()
    try:
        _search_all(wanted, seeds, limit, tools)
    except KeyboardInterrupt:
        click.echo("Interrupted; run it again to go on from here.")
        raise SystemExit(ExitCode.INTERRUPTED) from None
    _write(seeds, limit, tools)


def _search_all(wanted: list[SeededBug], seeds: int, limit: float, tools: tuple[str, ...]) -> None:
    with Progress(TextColumn("{task.description}"), TimeElapsedColumn(), transient=True) as progress:
        task = progress.add_task("", total=None)
        for tool in tools:
            for seeded in (
                wanted if tool != PLAIN else [each for each in wanted if each.name in PLAIN_APE_TOO]
            ):
                _search(tool, seeded, seeds, limit, lambda told: progress.update(task, description=told))


def _search(tool: str, seeded: SeededBug, seeds: int, limit: float, told: Callable[[str], None]) -> None:
    """Do the searches of one tool for one seeded bug that were not done before."""
    searches = found.load()
    done = {each.seed for each in searches if (each.tool, each.seeded) == (tool, seeded.name)}
    missing = [seed for seed in range(1, seeds + 1) if seed not in done]
    if not missing:
        return
    searching = _searching(tool, seeded, limit)
    for seed in missing:
        told(f"{tool}: {seeded.name}, seed {seed}")
        searches.append(searching(seed))
        found.keep(searches)


def _searching(tool: str, seeded: SeededBug, limit: float) -> Searching:
    if tool == OURS:
        return lambda seed: ours.search(seeded, seed, limit)
    if tool == PLAIN:
        return lambda seed: plain_ape.search(seeded, seed, limit)
    return partial(_forged, seeded, limit, forge.start_up(seeded))


def _forged(seeded: SeededBug, limit: float, started: float, seed: int) -> Search:
    return forge.search(seeded, seed, limit, started)


def _write(seeds: int, limit: float, tools: tuple[str, ...]) -> None:
    """Measure how fast each tool is, and write the page."""
    rates = {}
    if FORGE in tools:
        rates |= {FORGE: forge.rate(is_bare=False), "forge bare": forge.rate(is_bare=True)}
    if OURS in tools:
        rates[OURS] = ours.rate()
    if PLAIN in tools:
        rates[PLAIN] = plain_ape.rate()
    searches = found.load()
    compared = rows(searches, {seeded.name: seeded.property_id for seeded in chosen()}, limit)
    plain = [search for search in searches if search.tool == PLAIN]
    text.PAGE.parent.mkdir(parents=True, exist_ok=True)
    text.PAGE.write_text(text.page(compared, plain, rates, seeds, limit))
    for sentence in text.summary(compared, rates):
        click.echo(sentence)
    click.echo(f"Written to {text.PAGE.relative_to(found.FOLDER.parents[1])}.")


if __name__ == "__main__":
    main()

"""Search for the call sequence that loses the most, whether a property is violated or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from secrets import randbits
from typing import TYPE_CHECKING, Final

import click

from ringfence.cli.telling import CannotTell, one_sentence
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.engine.maximise.climb import Found
    from ringfence.engine.maximise.course import Course
    from ringfence.engine.maximise.files import Damage
    from ringfence.engine.maximise.subject import Subject
    from ringfence.types.actions import CallSequence

SECONDS: Final = 30
SEED_BITS: Final = 32
PPM_A_PERCENT: Final = 10**4
NAMES: Final = ("bad-debt", "moved-value", "trader-gain", "liquidator-take")
MARKETS: Final = ("standard", "plain", "tight", "coarse", "steep", "vast")
FILE: Final = click.Path(path_type=Path, dir_okay=False)
OUT: Final = Path("out/damage.json")


@click.command(help=f"{__doc__} Or repeat what such a search has written.")
@click.argument("quantity", type=click.Choice(NAMES), required=False)
@click.option("--seconds", type=float, metavar="N", help=f"Stop after N seconds; {SECONDS} without --steps.")
@click.option("--steps", type=int, metavar="N", help="Stop after N steps, at the end of a sequence.")
@click.option("--seed", type=int, help="Repeat the search of this seed; drawn when not given.")
@click.option("--market", type=click.Choice(MARKETS), default=MARKETS[0], show_default=True, help="Of ours.")
@click.option("--adapter", metavar="FILE.PY:CLASS", help="Damage a vault of yours, by its adapter.")
@click.option("--max-move", type=float, default=10.0, show_default=True, help="Percent, of one price.")
@click.option("--out", type=FILE, default=OUT, show_default=True, help="Write the call sequence there.")
@click.option(
    "--replay", type=FILE, help="Do what this file holds; exits with 1 if it comes to another value."
)
@click.pass_context
def damage(
    ctx: click.Context,
    quantity: str | None,
    seconds: float | None,
    steps: int | None,
    seed: int | None,
    market: str,
    adapter: str | None,
    max_move: float,
    out: Path,
    replay: Path | None,
) -> None:
    """Search, shorten, show and write; an interrupt keeps the worst so far."""

    for name, amount in (("--seconds", seconds), ("--steps", steps), ("--max-move", max_move)):
        if amount is not None and amount <= 0:
            raise CannotTell(f"{name} must be more than 0, not {amount:g}.")
    if (quantity is None) == (replay is None):
        raise CannotTell(f"Name what to search for, {', '.join(NAMES)}, or --replay a file.")
    with one_sentence():
        if replay:
            ctx.exit(_replayed(replay))
        assert quantity is not None
        seed = randbits(SEED_BITS) if seed is None else seed
        seconds = SECONDS if seconds is None and steps is None else seconds
        subject, most_ppm = _subject(adapter, market), round(max_move * PPM_A_PERCENT)
        ctx.exit(_searched(subject, quantity, most_ppm, seed, seconds, steps, out))


def _subject(adapter: str | None, market: str) -> "Subject":
    from ringfence.engine.maximise.subject import Subject
    from ringfence.vaults.isolated_margin.markets import market_named

    return Subject.theirs(adapter) if adapter else Subject.ours(market_named(market))


def _searched(
    subject: "Subject",
    name: str,
    most_ppm: int,
    seed: int,
    seconds: float | None,
    steps: int | None,
    out: Path,
) -> ExitCode:
    from ringfence.engine.maximise.climb import Climb
    from ringfence.engine.maximise.files import Damage, write
    from ringfence.engine.maximise.quantities import QUANTITIES

    quantity, random = QUANTITIES[name], Random(seed)
    click.echo(f"{name}: {quantity.sentence}")
    click.echo(
        f"seed {seed}; {subject.name}, market {subject.setup.name}; a price moves {most_ppm / 10**4:g} %"
    )
    course = subject.course(quantity, most_ppm)
    with _progress(seconds, steps) as told:
        found = Climb(course, subject.drawer(random), random).run(seconds=seconds, steps=steps, told=told)
    told_of = f"{found.runs:,} runs, {found.steps:,} steps in {found.seconds:.1f} s; seed {seed}"
    if not found.program:
        click.echo(f"None found: {told_of}")
        return ExitCode.INTERRUPTED if found.is_interrupted else ExitCode.CLEAN
    program = found.program if found.is_interrupted else _shortened(subject, course, found)
    course.allows(program)
    value = course.worst()[0]  # a plainer program can do more
    market = "" if subject.is_by_adapter else subject.setup.name
    written = Damage(name, value, subject.name, market, subject.shown.code, seed, most_ppm, program)
    write(written, out)
    _show(subject, written)
    click.echo(f"{told_of}\nWritten to {out}: `ringfence damage --replay {out}` does it again.")
    return ExitCode.INTERRUPTED if found.is_interrupted else ExitCode.CLEAN


def _shortened(subject: "Subject", course: "Course", found: "Found") -> "CallSequence":
    """Return the program made short; interrupted, as it is."""
    from rich.console import Console

    from ringfence.engine.maximise.shortening import shortened

    try:
        with Console(stderr=True).status("making it short"):
            return shortened(course, found.program, found.value, subject.setup.answer)
    except KeyboardInterrupt:
        return found.program


def _replayed(file: Path) -> ExitCode:
    """Do a file's program again; say what it comes to now."""
    from ringfence.engine.maximise.files import read
    from ringfence.engine.maximise.quantities import QUANTITIES

    told = read(file)
    subject = _subject(None if told.market else told.adapter, told.market)
    course = subject.course(QUANTITIES[told.quantity], told.most_ppm)
    if subject.shown.code != told.code:
        click.echo("This vault's code is not what was searched: it was changed, or is another.", err=True)
    allowed = course.allows(told.program)
    value = course.worst()[0] if allowed else 0
    _show(subject, told)
    click.echo(
        f"It comes to the same again: {value:,}." if value == told.value else f"It comes to {value:,} now."
    )
    return ExitCode.CLEAN if value == told.value else ExitCode.FAILED


def _show(subject: "Subject", told: "Damage") -> None:
    """Print the program, step by step, and what it comes to."""
    from rich.console import Console

    from ringfence.engine.replay import replay
    from ringfence.report.text import told_frames
    from ringfence.report.units import fixed

    frames = list(replay(subject.shown, told.program, None))
    Console().print("", told_frames(frames, subject.setup), "", sep="\n")
    amount = fixed(told.value, subject.setup.collateral_decimals)
    click.echo(f"{told.quantity}: {amount} of the collateral, {told.value:,} of its raw units")


@contextmanager
def _progress(seconds: float | None, steps: int | None) -> Iterator[Callable[["Found"], None]]:
    """Show how much of the budget is spent, and the worst so far."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    told = TextColumn("{task.fields[steps]:,} steps, worst {task.fields[value]:,}")
    with Progress(
        BarColumn(), told, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as progress:
        task = progress.add_task("", total=steps or seconds, steps=0, value=0)

        def update(found: "Found") -> None:
            spent = found.steps if steps else found.seconds
            progress.update(task, completed=spent, steps=found.steps, value=found.value)

        yield update

"""Maximise a loss without violating a property: search for the call sequence that does the most damage."""

from pathlib import Path
from secrets import randbits
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import adapter_option
from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.cli.progress import search_progress
from ringfence.engine.budget import Budget
from ringfence.engine.maximise.bounds import Bounds
from ringfence.engine.maximise.files import Damage, read, write
from ringfence.engine.maximise.maximum import MaximumSearch
from ringfence.engine.maximise.quantities import QUANTITIES
from ringfence.engine.replay import replay
from ringfence.engine.result import SearchResult
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.report.text import frames_shown
from ringfence.report.units import fixed
from ringfence.types.actions import CallSequence
from ringfence.types.exit_codes import ExitCode

SECONDS: Final = 30
SEED_BITS: Final = 32
PPM_A_PERCENT: Final = 10**4
FILE: Final = click.Path(path_type=Path, dir_okay=False)
OUT: Final = Path("findings/damage.json")


@click.command(help=f"{__doc__} Or repeat what such a search has written.")
@click.argument("quantity", type=click.Choice(list(QUANTITIES)), required=False)
@click.option("--seconds", type=float, metavar="N", help=f"Stop after N seconds; {SECONDS} without --steps.")
@click.option("--steps", type=int, metavar="N", help="Stop after N steps, at the end of a sequence.")
@click.option("--seed", type=int, help="Repeat the search of this seed; drawn when not given.")
@click.option("--market", help="One of the vault's markets; the first when not given.")
@adapter_option
@click.option("--max-move", type=float, default=10.0, show_default=True, help="Percent, of one price.")
@click.option("--moves", type=int, metavar="N", help="Let the price move N times at most.")
@click.option(
    "--keepers",
    type=int,
    metavar="SECONDS",
    help="Liquidate after each step whatever can be; no step waits for longer.",
)
@click.option(
    "--next-price-known", is_flag=True, help="Count what the next price does, too: who acts knows it."
)
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
    market: str | None,
    adapter: str,
    max_move: float,
    moves: int | None,
    keepers: int | None,
    next_price_known: bool,
    out: Path,
    replay: Path | None,
) -> None:
    """Search, shorten, show and write; an interrupt keeps the worst so far."""
    positive = ("--seconds", seconds), ("--steps", steps), ("--max-move", max_move), ("--keepers", keepers)
    for name, amount in (*positive, ("--moves", moves)):
        if amount is not None and amount <= 0:
            raise CannotTell(f"{name} must be more than 0, not {amount:g}.")
    if (quantity is None) == (replay is None):
        raise CannotTell(f"Name what to search for, {', '.join(QUANTITIES)}, or --replay a file.")
    with one_sentence():
        if replay:
            ctx.exit(_replayed(replay))
        assert quantity is not None
        seed = randbits(SEED_BITS) if seed is None else seed
        seconds = SECONDS if seconds is None and steps is None else seconds
        target = Target.named(adapter)
        bounds = Bounds(round(max_move * PPM_A_PERCENT), moves, keepers, next_price_known)
        chosen = market or next(iter(target.markets))
        target.market(chosen)
        ctx.exit(_searched(target, chosen, quantity, bounds, seed, Budget(None, seconds, steps), out))


def _searched(
    target: Target, market: str, name: str, bounds: Bounds, seed: int, budget: Budget, out: Path
) -> ExitCode:
    quantity = QUANTITIES[name]
    click.echo(f"{name}: {quantity.sentence}")
    click.echo(f"seed {seed}; {target.name}, market {market}; {_said(bounds)}")
    search = MaximumSearch.of(target, market, quantity, bounds, seed)
    with search_progress(budget, lambda result: f", worst {result.best:,}") as progress:
        result = search.run(budget, progress)
    done = f"{result.runs:,} runs, {result.steps:,} steps in {result.seconds:.1f} s; seed {seed}"
    interrupted = ExitCode.INTERRUPTED if result.is_interrupted else ExitCode.CLEAN
    if not result.best_sequence:
        click.echo(f"None found: {done}")
        return interrupted
    sequence = result.best_sequence if result.is_interrupted else _shrunk(search, result)
    value = search.value_of(sequence)  # a plainer sequence can do more
    written = Damage(name, value, target.name, market, target.code, seed, bounds, sequence)
    write(written, out)
    _show(search.system, written)
    click.echo(f"{done}\nWritten to {out}: repeat it with `ringfence damage --replay {out}`.")
    return interrupted


def _said(bounds: Bounds) -> str:
    """Return what is bounded, as a part of a sentence."""
    often = f", {bounds.moves} times at most" if bounds.moves else ""
    look = f"; keepers look every {bounds.keepers:,} s" if bounds.keepers else ""
    known = ", and is known before" if bounds.is_next_price_known else ""
    return f"a price moves {bounds.most_ppm / PPM_A_PERCENT:g} %{often}{known}{look}"


def _shrunk(search: MaximumSearch, result: SearchResult) -> CallSequence:
    """Return the sequence shrunk; interrupted, unchanged."""
    try:
        with Console(stderr=True).status("shrinking"):
            return search.shrunk(result.best_sequence, result.best)
    except KeyboardInterrupt:
        return result.best_sequence


def _replayed(file: Path) -> ExitCode:
    """Repeat a file's sequence; say what it comes to now."""
    damage = read(file)
    target = Target.named(damage.adapter)
    search = MaximumSearch.of(target, damage.market, QUANTITIES[damage.quantity], damage.bounds, 0)
    if target.code != damage.code:
        click.echo("This vault's code is not what was searched: it was changed, or is another.", err=True)
    value = search.value_of(damage.sequence)
    _show(search.system, damage)
    is_same = value == damage.value
    click.echo(f"It comes to the same again: {value:,}." if is_same else f"It comes to {value:,} now.")
    return ExitCode.CLEAN if is_same else ExitCode.FAILED


def _show(system: System, damage: Damage) -> None:
    """Print the sequence, step by step, and what it comes to."""
    frames = list(replay(system, damage.sequence, None))
    Console().print("", frames_shown(frames, system.market), "", sep="\n")
    amount = fixed(damage.value, system.market.collateral_decimals)
    click.echo(f"{damage.quantity}: {amount} of the collateral, {damage.value:,} of its raw units")

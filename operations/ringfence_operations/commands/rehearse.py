"""Rehearse on a copy of a deployed market.

Run a price path on the copy and the model, then search for a mismatch from the present state. The node is
only read.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from ringfence.cli.telling import Failed
from ringfence.types.exit_codes import ExitCode

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import FILE, MANIFEST, NETWORK

if TYPE_CHECKING:
    from isolated_margin.scenario import Bar
    from ringfence.engine.campaign import Campaign

    from ringfence_operations.rehearse.fork import Copied

BARS: Final = 288


@click.command(cls=Operation, help=__doc__)
@MANIFEST
@NETWORK
@click.option("--prices", type=FILE, help="CSV of bars, scaled to the present price; a crash without it.")
@click.option(
    "--bars", type=click.IntRange(10), metavar="N", help=f"Use N bars; all of a file, or {BARS}, without it."
)
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), default=1, show_default=True)
@click.option("--seconds", type=click.IntRange(1), default=30, show_default=True, help="To search for.")
@click.pass_context
def rehearse(
    ctx: click.Context,
    manifest: Path,
    network: str,
    prices: Path | None,
    bars: int | None,
    seed: int,
    seconds: int,
) -> None:
    """Copy, play, search; exit with 1 when copy and model disagree, with 2 when it can't be told."""
    from ringfence.engine.lockstep import Divergence

    try:
        path = _path(prices, bars, seed)
        copied = _copied(manifest, network)
        is_whole = _play(copied, path)
    except Divergence as divergence:
        raise Failed(f"copy and model disagree at {divergence}") from None
    done = _search(copied, seed, seconds) if is_whole else None
    if done is None or done.is_interrupted:
        ctx.exit(ExitCode.INTERRUPTED)
    if done.disagreement:
        ctx.exit(ExitCode.FAILED)


def _path(prices: Path | None, bars: int | None, seed: int) -> "tuple[Bar, ...]":
    """Return the path that was asked for; raises RingfenceError."""
    from isolated_margin.scenario import PriceFileError, flash_crash, read_prices
    from ringfence.types.errors import RingfenceError

    try:
        return read_prices(prices)[:bars] if prices else flash_crash(seed, bars or BARS)
    except PriceFileError as refusal:
        raise RingfenceError(str(refusal)) from None


def _copied(manifest: Path, network: str) -> "Copied":
    """Copy the market, and say of which block."""
    from ringfence_operations.market.manifest import load
    from ringfence_operations.node.connection import connected
    from ringfence_operations.rehearse.fork import copy_of

    with connected(network) as node:
        market = load(manifest, node.chain_id)
        copied = copy_of(node, market)
    state = copied.pair.state
    click.echo(
        f"copied vault {market.vault.address} of block {copied.block}: {len(state.positions):,} positions of "
        f"{state.totals['next_id'] - 1:,}, and the model in the same state; the node was only read"
    )
    return copied


def _play(copied: "Copied", path: "tuple[Bar, ...]") -> bool:
    """Play the path with a bar of progress, and tell what came of it; return whether it was played whole."""
    from rich.console import Console
    from rich.progress import Progress
    from ringfence.vaults.isolated_margin.scenario.play import stoppable
    from ringfence.vaults.isolated_margin.scenario.tables import summary

    from ringfence_operations.rehearse.rehearsal import along

    with stoppable() as stop, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("bars", total=len(path))
        played = along(copied, path, stop, lambda: progress.advance(task))
    Console().print(summary(played), "", sep="\n")
    return played.is_whole


def _search(copied: "Copied", seed: int, seconds: int) -> "Campaign":
    """Search with a bar of progress, and tell how far it came or what it found."""
    from rich.console import Console
    from rich.progress import Progress
    from ringfence.engine.budget import Budget
    from ringfence.engine.tally import Tally

    from ringfence_operations.rehearse.rehearsal import searched

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("runs", total=None)

        def told(tally: Tally) -> None:
            progress.update(task, completed=tally.runs)

        done = searched(copied, seed, Budget(None, seconds), told)
    click.echo(
        f"{done.tally.runs:,} runs from the copied state, {done.tally.steps:,} steps on copy and model; "
        f"seed {seed}"
    )
    if done.disagreement:
        click.echo("copy and model disagree at the last step of")
        for step in done.disagreement.program:
            click.echo(f"    {step!r},")
        for difference in done.disagreement.differences:
            click.echo(difference)
    elif not done.is_interrupted:
        click.echo("no disagreement")
    return done

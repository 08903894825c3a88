"""Rehearse on a fork of a deployed market.

Run a price path on the fork and the model, then search for a mismatch from the present state. The node is
only read.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from ringfence.cli.messages import Failed
from ringfence.types.exit_codes import ExitCode

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import FILE, MANIFEST, NETWORK

if TYPE_CHECKING:
    from isolated_margin.scenario import Bar
    from ringfence.engine.result import SearchResult

    from ringfence_operations.rehearse.fork import ForkedMarket

BARS: Final = 288


@click.command(cls=Operation, help=__doc__)
@MANIFEST
@NETWORK
@click.option("--prices", type=FILE, help="CSV of bars, scaled to the present price; a crash without it.")
@click.option(
    "--bars", type=click.IntRange(10), metavar="N", help=f"Use N bars; all of a file, or {BARS}, without it."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), default=1, help="Seed of the crash and the search."
)
@click.option("--seconds", type=click.IntRange(1), default=30, help="Seconds to search.")
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
    """Fork, run, search; exit with 1 after a mismatch, with 2 without a verdict."""
    from ringfence.engine.system import Violated

    try:
        path = _path(prices, bars, seed)
        fork = _forked(manifest, network)
        is_whole = _run_path(fork, path)
    except Violated as violated:
        raise Failed(f"fork and model do not match at {violated}") from None
    done = _search(fork, seed, seconds) if is_whole else None
    if done is None or done.is_interrupted:
        ctx.exit(ExitCode.INTERRUPTED)
    if done.findings:
        ctx.exit(ExitCode.FAILED)


def _path(prices: Path | None, bars: int | None, seed: int) -> "tuple[Bar, ...]":
    """Return the path that was asked for; raises RingfenceError."""
    from isolated_margin.scenario import PriceFileError, flash_crash, read_prices
    from ringfence.types.errors import RingfenceError

    try:
        return read_prices(prices)[:bars] if prices else flash_crash(seed, bars or BARS)
    except PriceFileError as refusal:
        raise RingfenceError(str(refusal)) from None


def _forked(manifest: Path, network: str) -> "ForkedMarket":
    """Fork the market, and print at which block."""
    from ringfence_operations.market.manifest import load
    from ringfence_operations.node.connection import connected
    from ringfence_operations.rehearse.fork import fork_market

    with connected(network) as node:
        market = load(manifest, node.chain_id)
        fork = fork_market(node, market)
    state = fork.vault.state
    click.echo(
        f"forked vault {market.vault.address} at block {fork.block}: {len(state.positions):,} positions of "
        f"{state.totals['next_id'] - 1:,}, and the model in the same state; the node was only read"
    )
    return fork


def _run_path(fork: "ForkedMarket", path: "tuple[Bar, ...]") -> bool:
    """Run the path with a progress bar, and print what came of it; return whether it was run whole."""
    from rich.console import Console
    from rich.progress import Progress
    from ringfence.vaults.isolated_margin.scenario.play import stoppable
    from ringfence.vaults.isolated_margin.scenario.tables import summary

    from ringfence_operations.rehearse.rehearsal import run_path

    with stoppable() as stop, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("bars", total=len(path))
        played = run_path(fork, path, stop, lambda: progress.advance(task))
    Console().print(summary(played), "", sep="\n")
    return played.is_whole


def _search(fork: "ForkedMarket", seed: int, seconds: int) -> "SearchResult":
    """Search with a progress bar, and print how far it came or what it found."""
    from ringfence.cli.progress import search_progress
    from ringfence.engine.budget import Budget

    from ringfence_operations.rehearse.rehearsal import search_fork

    budget = Budget(None, seconds)
    with search_progress(budget) as progress:
        done = search_fork(fork, seed, budget, progress)
    click.echo(
        f"{done.runs:,} runs from the forked state, {done.steps:,} steps on fork and model; seed {seed}"
    )
    for finding in done.findings.values():
        click.echo("fork and model do not match at the last step of")
        for step in finding.sequence:
            click.echo(f"    {step!r},")
        for mismatch in finding.cause.differences:
            click.echo(mismatch)
    if not (done.findings or done.is_interrupted):
        click.echo("no mismatch")
    return done

"""Play a price path against a book of positions, on a chain and on the model at once."""

from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ringfence.cli.messages import Failed, one_sentence
from ringfence.engine.system import Violated
from ringfence.evm.chains import connect
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.scenario.pictures import draw
from ringfence.vaults.isolated_margin.scenario.plan import Plan, make_plan
from ringfence.vaults.isolated_margin.scenario.play import Played, play, stoppable
from ringfence.vaults.isolated_margin.scenario.tables import regimes, summary

MOST_POSITIONS: Final = 10_000


def scenario_command(default_network: str) -> click.Command:
    """Return the command; only the network that it uses when none is given differs."""

    @click.command(help=__doc__)
    @click.option(
        "--prices", type=click.Path(path_type=Path), help="CSV of bars; without it, a generated crash."
    )
    @click.option(
        "--parameters",
        type=click.Path(path_type=Path),
        help="Risk parameters: JSON, or a market to deploy, as YAML.",
    )
    @click.option(
        "--positions",
        type=click.IntRange(1, MOST_POSITIONS),
        default=200,
        show_default=True,
        help="Size of the book.",
    )
    @click.option(
        "--seed", type=click.IntRange(0, 2**64 - 1), default=1, show_default=True, help="Of book and crash."
    )
    @click.option(
        "--bars", type=click.IntRange(1), metavar="N", help="Use N bars; all of the file, or 288, without it."
    )
    @click.option(
        "--network",
        default=default_network,
        show_default=True,
        help="revm, ethereum:local:test or ethereum:local:foundry.",
    )
    @click.option(
        "--pictures",
        type=click.Path(path_type=Path),
        default=Path("out"),
        show_default=True,
        help="Folder for them.",
    )
    @click.pass_context
    def scenario(
        ctx: click.Context,
        prices: Path | None,
        parameters: Path | None,
        positions: int,
        seed: int,
        bars: int | None,
        network: str,
        pictures: Path,
    ) -> None:
        with one_sentence():
            plan = make_plan(prices, parameters, positions=positions, seed=seed, bars=bars, network=network)
            pictures.mkdir(parents=True, exist_ok=True)
        path = str(prices) if prices else f"generated crash, seed {seed}"
        click.echo(f"ringfence {version('ringfence')}: {path}; {positions} positions, seed {seed}; {network}")
        played = _played(plan)
        _tell(played, pictures)
        if not played.is_whole:
            ctx.exit(ExitCode.INTERRUPTED)

    return scenario


def _played(plan: Plan) -> Played:
    """Connect, and play with a progress bar; every refusal of the surroundings is one sentence."""
    columns = TextColumn("orders and bars"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    began = monotonic()
    try:
        with (
            one_sentence(),
            connect(plan.chain) as chain,
            stoppable() as stop,
            Progress(*columns, console=Console(stderr=True)) as progress,
        ):
            task = progress.add_task("", total=len(plan.start.orders) + len(plan.bars))
            played = play(plan, chain, stop, lambda: progress.advance(task))
    except Violated as violated:
        raise Failed(f"chain and model differ at {violated}") from None
    click.echo(f"{monotonic() - began:.1f} s on {plan.chain}")
    return played


def _tell(played: Played, pictures: Path) -> None:
    """Print the tables, and draw the pictures when there is a bar to be seen."""
    console = Console()
    console.print(summary(played), "", regimes(played), "", sep="\n")
    if not played.is_whole:
        console.print("Ended early; this is the part that was done.")
    if played.result.series:
        console.print(*(f"drawn: {file}" for file in draw(played, pictures)), sep="\n")


scenario = scenario_command("revm")

"""Replay a finding's call sequence, and say whether and where it still goes wrong."""

from pathlib import Path
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import vault_option
from ringfence.cli.messages import one_sentence
from ringfence.engine.replay import Frame, with_blocks_of
from ringfence.engine.replay import replay as frames_of
from ringfence.engine.target import Target, code_hash
from ringfence.evm.chains import connect
from ringfence.report.files import read
from ringfence.report.text import frames_shown, headline
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import Finding

DEVELOPMENT_NODE: Final = "Where to: revm, eth-tester, anvil, or the URL of a development node."


@click.command(help=f"{__doc__} Exits with 1 if it does, 0 if not, 2 if that is unclear.")
@click.argument("file", metavar="FINDING", type=click.Path(path_type=Path))
@click.option("--chain", metavar="CHAIN", default="revm", show_default=True, help=DEVELOPMENT_NODE)
@vault_option
@click.pass_context
def replay(ctx: click.Context, file: Path, chain: str, vault: str | None) -> None:
    """Step through the call sequence, next to the model."""
    console = Console()
    with one_sentence():
        finding = read(file, vault)
        frames = _frames(finding, chain)
    console.print(headline(finding), "", frames_shown(frames, finding.market), "", sep="\n")
    click.echo(_verdict(frames, chain))
    ctx.exit(ExitCode.FAILED if any(frame.fails for frame in frames) else ExitCode.CLEAN)


def _frames(finding: Finding, chain: str) -> list[Frame]:
    """Run the call sequence; say on stderr where the run is not the finding's."""
    target = Target.of(finding)
    with connect(chain, target.code_size_limit) as connected:
        sequence = with_blocks_of(connected, finding.sequence)
        system = target.system(finding.market, connected)
        if code_hash(system.vault) != finding.vault.code:
            click.echo("This vault's code is not the finding's: it was changed, or is another.", err=True)
        if sequence != finding.sequence:
            click.echo(f"On {chain} a step can't join a block: those that did come a second later.", err=True)
        return list(frames_of(system, sequence, finding.property_id))


def _verdict(frames: list[Frame], chain: str) -> str:
    failing = next((frame for frame in frames if frame.fails), None)
    steps = len(frames) - 1
    if failing is None:
        return f"It does not reproduce on {chain}: nothing is wrong in {steps} steps."
    place = f"step {failing.number} of {steps}" if failing.number else "the opening"
    return f"It still reproduces on {chain}, at {place}."

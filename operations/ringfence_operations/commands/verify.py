"""Compare a deployed market with its manifest.

Check code, origin, terms, roles, custody, the pool, and the ledger rebuilt from events.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from ringfence.types.exit_codes import ExitCode

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import MANIFEST, NETWORK

if TYPE_CHECKING:
    from ringfence_operations.verify.verification import Verified


@click.command(cls=Operation, help=__doc__)
@MANIFEST
@NETWORK
@click.pass_context
def verify(ctx: click.Context, manifest: Path, network: str) -> None:
    """Print every check; exit with 1 when one fails, with 2 when it can't be told."""
    from ringfence_operations.follow.progress import block_progress
    from ringfence_operations.market.manifest import load
    from ringfence_operations.node.connection import connected
    from ringfence_operations.verify.verification import verify as verify_market

    with connected(network) as node, block_progress() as progress:
        market = load(manifest, node.chain_id)
        found = verify_market(node, market, progress)
    _tell(found, market.vault.address)
    if not found.holds:
        ctx.exit(ExitCode.FAILED)


def _tell(found: "Verified", vault: str) -> None:
    """Print a line for each check, and one for each thing that is wrong."""
    click.echo(f"vault {vault} at block {found.block}, {found.block_hash}; {found.events:,} events")
    for check in found.checks:
        click.echo(f"{'FAILED' if check.complaints else 'holds':<8}{check.name:<12}{check.claim}")
        for complaint in check.complaints:
            click.echo(f"        {check.name}: {complaint}")
        for note in check.notes:
            click.echo(f"        note: {note}")

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
    from ringfence_operations.verify.verification import Verification


@click.command(cls=Operation, help=__doc__)
@MANIFEST
@NETWORK
@click.pass_context
def verify(ctx: click.Context, manifest: Path, network: str) -> None:
    """Print every check; exit with 1 when one fails, with 2 without a verdict."""
    from ringfence_operations.follow.progress import block_progress
    from ringfence_operations.market.manifest import load
    from ringfence_operations.node.connection import connected
    from ringfence_operations.verify.verification import verify as verify_market

    with connected(network) as node, block_progress() as progress:
        market = load(manifest, node.chain_id)
        found = verify_market(node, market, progress)
    _print(found, market.vault.address)
    if not found.holds:
        ctx.exit(ExitCode.FAILED)


def _print(found: "Verification", vault: str) -> None:
    """Print a line for each check, and one for each thing that is wrong."""
    click.echo(f"vault {vault} at block {found.block}, {found.block_hash}; {found.events:,} events")
    for check in found.checks:
        click.echo(f"{'FAILED' if check.violations else 'holds':<8}{check.name:<12}{check.claim}")
        for violation in check.violations:
            click.echo(f"        {check.name}: {violation}")
        for note in check.notes:
            click.echo(f"        note: {note}")

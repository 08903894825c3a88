"""Accept the ownership of a vault.

The account is the owner that the manifest names; with nothing to accept, nothing is sent.
"""

from pathlib import Path

import click

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import MANIFEST, NETWORK, PASSPHRASE_FILE, sending


@click.command(cls=Operation, help=__doc__)
@MANIFEST
@NETWORK
@click.option(
    "--account", required=True, help="Account of the owner: an alias of Ape, or path of a keystore."
)
@PASSPHRASE_FILE
@sending
def accept(
    manifest: Path,
    network: str,
    account: str,
    passphrase_file: Path | None,
    confirmations: int,
    max_fee: float,
    patience: float,
) -> None:
    """Send acceptOwnership() once, or say that there is nothing to accept."""
    from ringfence_operations.deploy.acceptance import accept_ownership
    from ringfence_operations.deploy.steps import Terms
    from ringfence_operations.market.manifest import load
    from ringfence_operations.node.connection import connected
    from ringfence_operations.sending.fees import GWEI
    from ringfence_operations.sending.keys import address_of, unlock

    with connected(network) as node:
        accept_ownership(
            node,
            load(manifest, node.chain_id),
            address_of(account),
            lambda: unlock(account, passphrase_file),
            manifest.with_suffix(".accept.jsonl"),
            Terms(int(max_fee * GWEI), confirmations, patience),
            click.echo,
        )

"""Accept the ownership of a deployed vault, as the owner that its manifest names."""

from pathlib import Path
from typing import Final

import click
from ringfence.cli.telling import one_sentence

FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command(help=__doc__)
@click.option("--manifest", type=FILE, required=True, help="What `deploy` wrote about the market.")
@click.option("--network", required=True, help="A network of Ape's, or the URL of a node.")
@click.option("--account", required=True, help="The owner: an account of Ape's, or the path of a keystore.")
@click.option("--passphrase-file", type=FILE, help="Its passphrase, when nobody can be asked; mode 600.")
@click.option("--confirmations", type=click.IntRange(1), default=2, show_default=True, help="In blocks.")
@click.option("--max-fee", type=click.FloatRange(0.001), default=100.0, show_default=True, help="In gwei.")
@click.option("--patience", type=click.FloatRange(1), default=600.0, show_default=True, help="In seconds.")
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
    from ringfence_operations.deploy.accepting import accept_ownership
    from ringfence_operations.deploy.keys import address_of, unlock
    from ringfence_operations.deploy.manifest import load
    from ringfence_operations.deploy.sending import GWEI, Terms
    from ringfence_operations.follow.connection import connected

    terms = Terms(int(max_fee * GWEI), confirmations, patience)
    with one_sentence(), connected(network) as node:
        market = load(manifest, node.chain_id)
        accept_ownership(
            node,
            market,
            address_of(account),
            lambda: unlock(account, passphrase_file),
            manifest.with_suffix(".accept.json"),
            terms,
            click.echo,
        )

"""Deploy a market from a file: check it, plan it, send it, read it back and write a manifest."""

from pathlib import Path

import click
from ringfence.cli.telling import one_sentence

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(help=__doc__)
@click.option("--config", type=FILE, required=True, help="The market, as in examples/market.yaml.")
@click.option("--network", required=True, help="A network of Ape's, or the URL of a node.")
@click.option("--account", required=True, help="An account of Ape's, or the path of a keystore.")
@click.option("--passphrase-file", type=FILE, help="Its passphrase, when nobody can be asked; mode 600.")
@click.option("--manifest", type=FILE, help="What to write; deployments/CHAIN/CONFIG.json without it.")
@click.option("--confirmations", type=click.IntRange(1), default=2, show_default=True, help="In blocks.")
@click.option("--max-fee", type=click.FloatRange(0.001), default=100.0, show_default=True, help="In gwei.")
@click.option("--patience", type=click.FloatRange(1), default=600.0, show_default=True, help="In seconds.")
@click.option("--dry-run", is_flag=True, help="Print plan, addresses and gas; send nothing.")
def deploy(
    config: Path,
    network: str,
    account: str,
    passphrase_file: Path | None,
    manifest: Path | None,
    confirmations: int,
    max_fee: float,
    patience: float,
    dry_run: bool,
) -> None:
    """Deploy what is missing."""
    from ringfence.vaults.isolated_margin.market_file import read_market

    from ringfence_operations.deploy.deploy_run import Run
    from ringfence_operations.deploy.deploying import Files
    from ringfence_operations.deploy.sending import GWEI, Terms
    from ringfence_operations.follow.connection import connected

    with one_sentence():
        market = read_market(config)
        path = manifest or Path("deployments", str(market.chain_id), config.with_suffix(".json").name)
        terms = Terms(int(max_fee * GWEI), confirmations, patience)
        run = Run(market, account, passphrase_file, Files(path), terms, dry_run, click.echo)
        with connected(network) as node:
            run.on(node)

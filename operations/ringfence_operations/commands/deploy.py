"""Deploy a market from a file.

Check the file and the chain, print the plan, send each step once, compare the result with the file, and write
a manifest. Run again after an interruption, it resumes.
"""

from pathlib import Path

import click

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import FILE, NETWORK, PASSPHRASE_FILE, sending


@click.command(cls=Operation, help=__doc__)
@click.option("--config", type=FILE, required=True, help="Market file, such as examples/market.yaml.")
@NETWORK
@click.option(
    "--account", required=True, help="Account that deploys: an alias of Ape, or path of a keystore."
)
@PASSPHRASE_FILE
@click.option("--manifest", type=FILE, help="File to write; deployments/CHAIN/CONFIG.json without it.")
@sending
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

    from ringfence_operations.deploy.deployment import Files
    from ringfence_operations.deploy.run import Run
    from ringfence_operations.deploy.steps import Terms
    from ringfence_operations.node.connection import connected
    from ringfence_operations.sending.fees import GWEI

    market = read_market(config)
    path = manifest or Path("deployments", str(market.chain_id), config.with_suffix(".json").name)
    terms = Terms(int(max_fee * GWEI), confirmations, patience)
    run = Run(market, account, passphrase_file, Files(path), terms, dry_run, click.echo)
    with connected(network) as node:
        run.on(node)

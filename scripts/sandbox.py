"""Put a token and a price feed on a development node: ape run sandbox --network URL --fund ADDRESS"""

import click
from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import NETWORK


@click.command(cls=Operation, help=__doc__)
@NETWORK
@click.option("--fund", multiple=True, metavar="ADDRESS", help="Give ether and tokens; may be repeated.")
@click.option("--price", type=click.IntRange(1), default=2_000, show_default=True, help="In whole tokens.")
def cli(network: str, fund: tuple[str, ...], price: int) -> None:
    from eth_utils.address import is_checksum_address
    from ringfence_operations.deploy.sandbox import make_sandbox
    from ringfence_operations.node.connection import connected

    for address in fund:
        if not is_checksum_address(address):
            raise click.BadParameter(f"{address} is no checksummed address", param_hint="--fund")
    with connected(network) as node:
        sandbox = make_sandbox(node, token_decimals=6, feed_decimals=8)
        sandbox.set_price(price * 10**8)
        for address in fund:
            sandbox.fund(address, 10_000_000 * 10**6)
        click.echo(f"token {sandbox.token}, 6 decimals\nfeed  {sandbox.feed}, 8 decimals, answers {price:,}")
        for address in fund:
            click.echo(f"{address} has 100 ether and 10,000,000 tokens")

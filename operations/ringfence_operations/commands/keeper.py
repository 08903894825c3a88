"""Liquidate and deleverage what is due.

Follow a deployed market and send the calls that the model says are due, those about bankrupt positions first,
then the largest reward; or only report margin calls.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import FILE, PASSPHRASE_FILE, following, next_to

if TYPE_CHECKING:
    from ringfence_operations.follow.snapshot import Snapshot

GWEI: Final = 10**9


@click.command(cls=Operation, help=__doc__)
@following
@click.option("--account", help="Account that sends: an alias of Ape, or path of a keystore.")
@PASSPHRASE_FILE
@click.option(
    "--max-gas-price",
    type=click.FloatRange(min=0, min_open=True),
    help="Highest price of gas, tip included, in gwei.",
)
@click.option(
    "--min-reward",
    type=click.FloatRange(min=0),
    default=0,
    help="Least reward of a call that is sent, in whole tokens of the collateral.",
)
@click.option(
    "--native-price",
    type=click.FloatRange(min=0, min_open=True),
    help="Price of the chain's own coin in whole tokens of the collateral, to report profits by.",
)
@click.option(
    "--gas-limit", type=click.IntRange(21_000), default=500_000, help="Gas limit of each transaction."
)
@click.option(
    "--confirmations", type=click.IntRange(1), default=12, help="Blocks above a settled transaction."
)
@click.option("--journal", type=FILE, help="File to note transactions in; next to the manifest without it.")
@click.option(
    "--dry-run", is_flag=True, help="Print what is due and what the chain would answer; send nothing."
)
@click.option("--margin-calls", is_flag=True, help="Report margin calls only; send nothing.")
@click.option("--webhook", help="URL to post margin calls to, as JSON.")
def keeper(
    manifest: Path,
    network: str,
    checkpoint: Path | None,
    every: float,
    once: bool,
    account: str | None,
    passphrase_file: Path | None,
    max_gas_price: float | None,
    min_reward: float,
    native_price: float | None,
    gas_limit: int,
    confirmations: int,
    journal: Path | None,
    dry_run: bool,
    margin_calls: bool,
    webhook: str | None,
) -> None:
    """Follow a market and keep it."""
    from ringfence_operations.follow.loop import follow, stoppable
    from ringfence_operations.follow.watcher import Watcher
    from ringfence_operations.keeper.keeper import Limits
    from ringfence_operations.keeper.modes import dry_run_mode, live_mode, margin_call_mode
    from ringfence_operations.keeper.warnings import Warnings
    from ringfence_operations.market.manifest import load
    from ringfence_operations.node.connection import connected
    from ringfence_operations.sending.keys import address_of, unlock

    if webhook and not margin_calls:
        raise click.UsageError("--webhook goes with --margin-calls.")
    if not (margin_calls or dry_run) and (account is None or max_gas_price is None):
        raise click.UsageError("To send, --account and --max-gas-price are needed; --dry-run needs neither.")
    with ExitStack() as stack:
        stop, node = stack.enter_context(stoppable()), stack.enter_context(connected(network))
        market = load(manifest, node.chain_id)
        unit = 10**market.collateral.decimals
        least, price = round(min_reward * unit), round((native_price or 0) * unit)
        if margin_calls:
            file = journal or next_to(manifest, "calls.jsonl")
            mode = stack.enter_context(margin_call_mode(market, file, webhook))
        elif dry_run:
            mode = dry_run_mode(node, market, address_of(account) if account else market.owner, least)
        else:
            assert account is not None
            assert max_gas_price is not None
            limits = Limits(gas_limit, int(max_gas_price * GWEI), confirmations, least)
            file = journal or next_to(manifest, "keeper.jsonl")
            key = unlock(account, passphrase_file)
            mode = stack.enter_context(live_mode(node, market, key, file, limits, price))
        watcher, warnings = (
            Watcher(node, market, checkpoint or next_to(manifest, "keeper.json")),
            Warnings(report),
        )

        def act(snapshot: "Snapshot") -> None:
            warnings.run(snapshot)
            mode(snapshot)

        follow(watcher, act, stop, None if once else every, report)


def report(sentence: str) -> None:
    """Print a sentence on the error stream."""
    click.echo(sentence, err=True)

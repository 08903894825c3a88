"""Liquidate and deleverage what is due.

Follow a deployed market and send the calls that the model says are due, the largest reward first; or only
report margin calls.
"""

from contextlib import ExitStack
from pathlib import Path

import click

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import FILE, PASSPHRASE_FILE, beside, following

GAS_LIMIT = 500_000
CONFIRMATIONS = 12
GWEI = 10**9


@click.command(cls=Operation, help=__doc__)
@following
@click.option("--account", help="Alias of an account of Ape's, or path of a keystore: who sends.")
@PASSPHRASE_FILE
@click.option(
    "--max-gas-price", type=click.FloatRange(min=0, min_open=True), help="The most for a gas, in gwei."
)
@click.option(
    "--gas-limit", type=click.IntRange(21_000), default=GAS_LIMIT, show_default=True, help="Of a transaction."
)
@click.option(
    "--confirmations",
    type=click.IntRange(1),
    default=CONFIRMATIONS,
    show_default=True,
    help="Blocks above a transaction until it is settled.",
)
@click.option("--journal", type=FILE, help="What was done, as JSON lines; beside the manifest without it.")
@click.option(
    "--dry-run", is_flag=True, help="Say what is due and whether the chain would do it; send nothing."
)
@click.option("--margin-calls", is_flag=True, help="Only tell who is on margin call; send nothing.")
@click.option("--webhook", help="URL that margin calls are posted to, as JSON.")
def keeper(
    manifest: Path,
    network: str,
    checkpoint: Path | None,
    every: float,
    once: bool,
    account: str | None,
    passphrase_file: Path | None,
    max_gas_price: float | None,
    gas_limit: int,
    confirmations: int,
    journal: Path | None,
    dry_run: bool,
    margin_calls: bool,
    webhook: str | None,
) -> None:
    """Follow a market and keep it."""
    from ringfence_operations.deploy.keys import address_of, unlock
    from ringfence_operations.deploy.manifest import load
    from ringfence_operations.follow.connection import connected
    from ringfence_operations.follow.progress import following_to
    from ringfence_operations.follow.remarks import Remarks
    from ringfence_operations.follow.turns import stoppable, take_turns
    from ringfence_operations.follow.watch import Watch
    from ringfence_operations.keeper.keeper import Spending
    from ringfence_operations.keeper.modes import rehearsing, sending, telling

    if webhook and not margin_calls:
        raise click.UsageError("--webhook goes with --margin-calls.")
    if not (margin_calls or dry_run) and (account is None or max_gas_price is None):
        raise click.UsageError("To send, --account and --max-gas-price are needed; --dry-run needs neither.")
    with ExitStack() as stack:
        stop, node = stack.enter_context(stoppable()), stack.enter_context(connected(network))
        market = load(manifest, node.chain_id)
        if margin_calls:
            file = journal or beside(manifest, "calls.jsonl")
            act = stack.enter_context(telling(market, file, webhook))
        elif dry_run:
            act = rehearsing(node, market, address_of(account) if account else market.owner)
        else:
            assert account is not None
            assert max_gas_price is not None
            spending = Spending(gas_limit, int(max_gas_price * GWEI))
            file = journal or beside(manifest, "keeper.jsonl")
            act = stack.enter_context(
                sending(node, market, unlock(account, passphrase_file), file, confirmations, spending)
            )
        watch = Watch(node, market, checkpoint or beside(manifest, "keeper.json"))
        progress = stack.enter_context(following_to())

        remarks = Remarks(say)

        def turn() -> None:
            sight = watch.see(progress)
            remarks.turn(sight)
            act(sight)

        if once:
            turn()
        else:
            take_turns(turn, stop, every, say)
        watch.save()


def say(sentence: str) -> None:
    """Print a sentence on the error stream."""
    click.echo(sentence, err=True)

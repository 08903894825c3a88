"""What a keeper does with each snapshot: send what is due, only print it, or only report margin calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import click
from eth_account.signers.local import LocalAccount
from isolated_margin.fixed import ceil_div

from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.follow.snapshot import Snapshot
from ringfence_operations.keeper.duties import Duties, Job, worth_it
from ringfence_operations.keeper.keeper import Keeper, Limits, Round
from ringfence_operations.keeper.margin_calls import MarginCalls
from ringfence_operations.keeper.simulation import simulated
from ringfence_operations.keeper.webhook import Webhook
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.monitor.book import book_of
from ringfence_operations.node.client import Node, Receipt
from ringfence_operations.sending.fees import ETHER
from ringfence_operations.sending.journal import Journal
from ringfence_operations.sending.outbox import Outbox

Mode: TypeAlias = Callable[[Snapshot], None]


def journal_of(path: Path, keeper: str, market: Manifest) -> Journal:
    """Open a keeper's journal; for margin calls ``keeper`` is empty. Raises RingfenceError."""
    return Journal(path, {"keeper": keeper, "vault": market.vault.address})


@contextmanager
def live_mode(
    node: Node, market: Manifest, key: LocalAccount, file: Path, limits: Limits, native_price: int
) -> Iterator[Mode]:
    """Give what sends all that is due and prints what it did and what that brought; raises RingfenceError.

    ``native_price`` is what a whole native coin is worth, in assets; 0 where that is not known.
    """
    with journal_of(file, key.address, market) as journal:
        outbox = Outbox(node, key, journal)
        keeper = Keeper(node, Decoder(market), outbox, limits)
        decimals, reported = market.collateral.decimals, frozenset[tuple[str, str]]()
        token, account = market.collateral.address.lower(), key.address.lower()

        def profit(receipt: Receipt) -> str:
            reward = receipt.received.get(token, {}).get(account, 0)
            return _profit(reward, receipt.cost, native_price, decimals)

        click.echo(f"{key.address} is keeper of {market.vault.address} on chain {market.chain_id}")
        if outbox.entries:
            click.echo(f"{len(outbox.entries)} transactions of an earlier run are not settled yet")

        def run(snapshot: Snapshot) -> None:
            nonlocal reported
            done = keeper.run(snapshot)
            for line in (*_lines(done, profit, decimals), *_left(done, reported, decimals)):
                click.echo(f"block {done.block.number}: {line}")
            reported = frozenset((job.task, why) for job, why in done.left)

        yield run


def dry_run_mode(node: Node, market: Manifest, sender: str, min_reward: int) -> Mode:
    """Return what prints which calls are due, and what the chain would answer to those whose reward is
    ``min_reward`` assets or more; nothing is sent.
    """
    decoder, decimals, duties = Decoder(market), market.collateral.decimals, Duties()

    def run(snapshot: Snapshot) -> None:
        jobs = duties.due(snapshot.market, sender.lower())
        worthy, small = worth_it(jobs, min_reward)
        ready, refused = simulated(node, decoder, worthy, {"from": sender})
        reasons = {job.task: why for job, why in (*small, *refused)}
        click.echo(f"block {snapshot.block.number}: {len(jobs)} due, {len(ready)} of them possible")
        for job in jobs:
            click.echo(f"  {_job(job, decimals)}: {reasons.get(job.task, 'possible')}")

    return run


@contextmanager
def margin_call_mode(market: Manifest, file: Path, webhook: str | None) -> Iterator[Mode]:
    """Give what reports margin calls, here and at a web address; raises RingfenceError."""
    hook = Webhook(webhook) if webhook else None
    decimals = market.collateral.decimals

    def report(notice: dict[str, Any]) -> None:
        if hook:
            hook.post(notice)
        missing = notice.get("missing")
        rest = f", {_assets(int(missing), decimals)} short of healthy" if missing else ""
        owner = f" of {notice['owner']}" if "owner" in notice else ""
        click.echo(f"block {notice['block']}: position {notice['position']}{owner}: {notice['status']}{rest}")

    with journal_of(file, "", market) as journal:
        calls = MarginCalls(journal, report)
        yield lambda snapshot: calls.run(book_of(market, snapshot))


def _profit(reward: int, cost: int, native_price: int, decimals: int) -> str:
    """Return what a call brought, assets, and what it cost, wei; in the same unit if that has a price."""
    paid = f"reward {_assets(reward, decimals)}"
    if not native_price:
        return f"{paid}, gas {cost / ETHER:.6f} ether"
    spent = ceil_div(cost * native_price, ETHER)
    return f"{paid}, gas {_assets(spent, decimals)}, profit {_assets(reward - spent, decimals)}"


def _lines(done: Round, profit: Callable[[Receipt], str], decimals: int) -> Iterator[str]:
    """Give a sentence for each thing that happened in a round."""
    for entry in done.mined:
        assert entry.receipt is not None
        reason = ", another keeper may have been faster" if entry.has_failed else ""
        end = "reverted" if entry.has_failed else "done"
        brought = profit(entry.receipt)
        yield f"{entry.task}: {end} in block {entry.receipt.block}{reason}, {brought}, {entry.hash}"
    for entry in done.resent:
        yield f"{entry.task}: sent again, {entry.hash}"
    for entry in done.replaced:
        yield f"{entry.task}: replaced with a higher fee, {entry.hash}"
    for job, why in done.skipped:
        yield f"{_job(job, decimals)}: not sent, {why}"
    for job, entry in done.sent:
        yield f"{_job(job, decimals)}: sent, {entry.hash}"


def _left(done: Round, reported: frozenset[tuple[str, str]], decimals: int) -> Iterator[str]:
    """Give a sentence for each call that is left over and was not reported to be, for that reason, before."""
    for job, why in done.left:
        if (job.task, why) not in reported:
            yield f"{_job(job, decimals)}: left over, {why}"


def _job(job: Job, decimals: int) -> str:
    return f"{job.task}, reward {_assets(job.reward, decimals)}" if job.reward else job.task


def _assets(assets: int, decimals: int) -> str:
    return f"{assets / 10**decimals:,.2f}"

"""What a keeper does with each sight of the market: send, only say what it would send, or only tell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import click
from eth_account.signers.local import LocalAccount
from ringfence.types.roles import NOBODY

from ringfence_operations.deploy.manifest import Manifest
from ringfence_operations.follow.connection import Node
from ringfence_operations.follow.decoding import Decoder
from ringfence_operations.follow.sight import Sight
from ringfence_operations.keeper.calls import MarginCalls
from ringfence_operations.keeper.due import Duties, Job
from ringfence_operations.keeper.journal import Journal
from ringfence_operations.keeper.keeper import Keeper, Spending, Turn, simulated
from ringfence_operations.keeper.outbox import Outbox
from ringfence_operations.keeper.webhook import Webhook
from ringfence_operations.monitor.book import book_of

Act: TypeAlias = Callable[[Sight], None]


@contextmanager
def sending(
    node: Node, market: Manifest, signer: LocalAccount, file: Path, confirmations: int, spending: Spending
) -> Iterator[Act]:
    """Give what sends all that is due and says what it did; raises RingfenceError."""
    with Journal(file, signer.address, market.vault.address) as journal:
        outbox = Outbox(node, signer.address, journal, confirmations)
        keeper = Keeper(node, Decoder(market), signer, outbox, spending)
        decimals = market.collateral.decimals
        click.echo(f"{signer.address} keeps {market.vault.address} on chain {market.chain_id}")
        if outbox.entries:
            click.echo(f"{len(outbox.entries)} transactions of an earlier run are not settled yet")

        held = ""

        def act(sight: Sight) -> None:
            nonlocal held
            turn = keeper.turn(sight)
            for line in _told(turn, decimals):
                click.echo(f"block {sight.head.number}: {line}")
            if turn.held and turn.held != held:
                click.echo(f"block {sight.head.number}: {len(turn.due)} due, not all sent: {turn.held}")
            held = turn.held

        yield act


def rehearsing(node: Node, market: Manifest, sender: str) -> Act:
    """Return what says which calls are due, and what the chain would answer; nothing is sent."""
    decoder, decimals, duties = Decoder(market), market.collateral.decimals, Duties()

    def act(sight: Sight) -> None:
        jobs = duties.due(sight.market, sender.lower())
        ready, passed = simulated(node, decoder, jobs, {"from": sender})
        refusals = {id(job): why for job, why in passed}
        click.echo(f"block {sight.head.number}: {len(jobs)} due, {len(ready)} of them possible")
        for job in jobs:
            click.echo(f"  {_job(job, decimals)}: {refusals.get(id(job), 'possible')}")

    return act


@contextmanager
def telling(market: Manifest, file: Path, webhook: str | None) -> Iterator[Act]:
    """Give what tells margin calls, here and at a web address; raises RingfenceError."""
    hook = Webhook(webhook) if webhook else None
    decimals = market.collateral.decimals

    def tell(notice: dict[str, Any]) -> None:
        if hook:
            hook.tell(notice)
        missing = (
            f", {_assets(int(notice['missing']), decimals)} short of healthy" if "missing" in notice else ""
        )
        owner = f" of {notice['owner']}" if "owner" in notice else ""
        click.echo(
            f"block {notice['block']}: position {notice['position']}{owner}: {notice['status']}{missing}"
        )

    with Journal(file, NOBODY, market.vault.address) as journal:
        calls = MarginCalls(journal, tell)
        yield lambda sight: calls.turn(book_of(market, sight))


def _told(turn: Turn, decimals: int) -> Iterator[str]:
    """Give a sentence for each thing that happened in a turn."""
    for entry in turn.done:
        yield f"{entry.duty} position {entry.position}: done in block {entry.mined}, {entry.hash}"
    for entry in turn.failed:
        yield (
            f"{entry.duty} position {entry.position}: reverted in block {entry.mined}, somebody may have been"
            f" faster, {entry.hash}"
        )
    for entry in turn.resent:
        yield f"{entry.duty} position {entry.position}: sent again, {entry.hash}"
    for job, why in turn.passed:
        yield f"{_job(job, decimals)}: not sent, {why}"
    for job, entry in turn.sent:
        yield f"{_job(job, decimals)}: sent, {entry.hash}"


def _job(job: Job, decimals: int) -> str:
    reward = f", reward {_assets(job.reward, decimals)}" if job.reward else ""
    return f"{job.duty.value} position {job.position}{reward}"


def _assets(assets: int, decimals: int) -> str:
    return f"{assets / 10**decimals:,.2f}"

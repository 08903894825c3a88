"""A keeper's round: learn what became of the last transactions, and send what is due at the latest block."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.follow.snapshot import Snapshot
from ringfence_operations.keeper.duties import Duties, Job, Left, position_of, worth_it
from ringfence_operations.keeper.simulation import call_of, simulated
from ringfence_operations.node.client import Block, Node
from ringfence_operations.sending.entry import Entry
from ringfence_operations.sending.fees import Fees, fees_within
from ringfence_operations.sending.outbox import Outbox

CALL_GAS: Final = 160_000  # what a liquidation takes at most, by tests/gas; its limit is higher
LONGEST_PAUSE: Final = 64  # blocks
GRACE: Final = 3  # blocks


@dataclass(frozen=True, slots=True)
class Limits:
    """What a keeper may spend on a transaction and what for, and when it is settled.

    ``max_gas_price``: in wei per gas, tip included. ``confirmations``: blocks above a settled transaction.
    ``min_reward``: assets below which a call is not worth sending.
    """

    gas_limit: int
    max_gas_price: int
    confirmations: int
    min_reward: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What came of a round.

    ``mined``: since the last round that ended, carried out or reverted. ``resent``: lost by the node.
    ``replaced``: offering more for their gas now. ``skipped``: due by the model, but refused by the chain,
    and why. ``left``: due and not sent for another reason, for a later round.
    """

    block: Block
    due: list[Job]
    mined: list[Entry]
    resent: list[Entry]
    replaced: list[Entry]
    skipped: list[Left]
    sent: list[tuple[Job, Entry]]
    left: list[Left]


class Keeper:
    """Sends for one account what is due at a vault, block after block.

    What the chain refuses, another keeper having been faster, is tried again after one block, then two, four
    and so on, as long as the model has it due.
    """

    def __init__(self, node: Node, decoder: Decoder, outbox: Outbox, limits: Limits) -> None:
        """Send by ``outbox``, which has all transactions of its account."""
        self._node, self._decoder, self._outbox, self._limits = node, decoder, outbox, limits
        self._duties = Duties()
        self._failures: dict[str, tuple[int, int]] = {}  # of a task: times in a row, block of the last
        self._mined: list[Entry] = []  # and not reported yet

    def run(self, snapshot: Snapshot) -> Round:
        """Send what is due at a block and not sent yet.

        Raises:
            NodeRefused, NodeUnreachable: as the node does; the next round goes on from there.
            RingfenceError: the journal can't be written, so nothing was sent.
        """
        block, jobs = snapshot.block, self._duties.due(snapshot.market, self._outbox.account.lower())
        needed = {job.task for job in jobs}
        news = self._outbox.reconcile(block)
        self._mined += news.mined
        self._outbox.settle(block, self._limits.confirmations)
        self._failures = {task: value for task, value in self._failures.items() if task in needed}
        self._pause((entry.task for entry in news.mined if entry.has_failed), block)
        resent = self._resent(news.missing, needed, block)
        worthy, small = worth_it(self._free(jobs, block), self._limits.min_reward)
        ready, skipped = simulated(self._node, self._decoder, worthy, self._caller())
        self._pause((job.task for job, _ in skipped), block)
        replaced, sent, left = self._sent(ready, block)
        mined, self._mined = self._mined, []
        return Round(block, jobs, mined, resent, replaced, skipped, sent, [*small, *left])

    def _resent(self, missing: list[Entry], needed: set[str], block: Block) -> list[Entry]:
        """Send again what got lost, unless it is no longer due and no other transaction waits for its nonce.

        Then it is dropped, after some blocks: when blocks are replaced, a node may find it again later.
        """
        again, last = [], self._outbox.last_pending()
        for entry in sorted(missing, key=lambda entry: -entry.nonce):
            if entry.task in needed or entry.nonce < last:
                again.append(entry)
                last = max(last, entry.nonce)
            elif entry.missing is not None and block.number >= entry.missing + GRACE:
                self._outbox.drop([entry], "no longer due, and the node does not know it")
        again.reverse()
        self._outbox.resend(again)
        return again

    def _free(self, jobs: list[Job], block: Block) -> list[Job]:
        """Return the jobs whose positions no transaction may still change, and that do not pause."""
        busy = {position_of(entry.task) for entry in self._outbox.unmined(block)}
        return [job for job in jobs if job.position not in busy and not self._is_pausing(job, block)]

    def _is_pausing(self, job: Job, block: Block) -> bool:
        times, last = self._failures.get(job.task, (0, 0))
        return times > 0 and block.number < last + min(2 ** (times - 1), LONGEST_PAUSE)

    def _pause(self, tasks: Iterable[str], block: Block) -> None:
        for task in tasks:
            times, _ = self._failures.get(task, (0, 0))
            self._failures[task] = (times + 1, block.number)

    def _sent(self, jobs: list[Job], block: Block) -> tuple[list[Entry], list[tuple[Job, Entry]], list[Left]]:
        """Replace what is priced out, and send as many jobs as may be, best first, with consecutive nonces.

        Returns the replaced, the sent, and the jobs that are left over.
        """
        stuck = [entry for entry in self._outbox.entries.values() if entry.is_priced_out(block)]
        if not jobs and not stuck:
            return [], [], []
        fees = fees_within(self._node, block, self._limits.max_gas_price)
        if fees is None:
            return [], [], [(job, "gas costs more than --max-gas-price") for job in jobs]
        replaced = self._outbox.replace(stuck, fees, block)
        most, why = self._room(fees, block)
        chosen = jobs[:most]
        calls = [call_of(job, self._decoder) for job in chosen]
        entries = self._outbox.post(calls, self._limits.gas_limit, fees, block) if calls else []
        left = [(job, why) for job in jobs[most:]]
        return replaced, list(zip(chosen, entries, strict=True)), left

    def _room(self, fees: Fees, block: Block) -> tuple[int, str]:
        """Return how many more calls the account can pay for, if all cost the most they may, and one block
        has room for beside those that wait; and which of both it is.
        """
        limit = self._limits.gas_limit
        waiting = sum(entry.receipt is None for entry in self._outbox.entries.values())
        affordable = self._node.balance(self._outbox.account) // (limit * fees.most)
        fitting = 1 + (block.gas_limit - limit) // CALL_GAS
        why = f"{self._outbox.account} has too little ether for the gas"
        if fitting < affordable:
            why = "the block has no room for more"
        return max(0, min(affordable, fitting) - waiting), why

    def _caller(self) -> dict[str, str]:
        return {"from": self._outbox.account, "gas": hex(self._limits.gas_limit)}

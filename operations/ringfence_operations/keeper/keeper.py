"""A keeper's turn: see the market, learn what became of the last transactions, send what is due."""

from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from ringfence.types.roles import VAULT

from ringfence_operations.deploy.fees import Fees, fees_within, most_per_gas
from ringfence_operations.follow.batches import Failure, answered, ask, ask_many
from ringfence_operations.follow.connection import Node
from ringfence_operations.follow.decoding import Decoder
from ringfence_operations.follow.following import Head
from ringfence_operations.follow.sight import Sight
from ringfence_operations.keeper.due import Duties, Job
from ringfence_operations.keeper.outbox import Entry, Outbox, entry_of

LONGEST_PAUSE: Final = 64  # blocks
GRACE: Final = 3  # blocks


@dataclass(frozen=True, slots=True)
class Spending:
    """What a keeper may spend: ``gas_limit`` of a transaction; ``max_gas_price`` in wei per gas, tip
    included.
    """

    gas_limit: int
    max_gas_price: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a turn. ``done``, ``failed``: mined since the last one, carried out or reverted.
    ``passed``: due by the model, but refused by the chain, and why; ``resent``: not known to the node any
    more; ``held``: why not all of ``due`` was sent, empty if it was.
    """

    head: Head
    due: list[Job]
    done: list[Entry]
    failed: list[Entry]
    resent: list[Entry]
    passed: list[tuple[Job, str]]
    sent: list[tuple[Job, Entry]]
    held: str


class Keeper:
    """Does for one account what is due at a vault, block after block.

    What the chain refuses, another keeper having been faster, is tried again after one block, then two, four
    and so on, as long as the model has it due.
    """

    def __init__(
        self, node: Node, decoder: Decoder, signer: LocalAccount, outbox: Outbox, spending: Spending
    ) -> None:
        """Sign with ``signer``, whose transactions are all in ``outbox``."""
        self._node, self._decoder, self._spending = node, decoder, spending
        self._signer, self._outbox, self._duties = signer, outbox, Duties()
        self._failures: dict[tuple[str, int], tuple[int, int]] = {}  # times in a row, block of the last

    def turn(self, sight: Sight) -> Turn:
        """Send what is due at a block and not sent yet.

        Raises:
            NodeRefused, NodeUnreachable: as the node does; the next turn goes on from there.
            RingfenceError: the journal can't be written, so nothing was sent.
        """
        head, jobs = sight.head, self._duties.due(sight.market, self._signer.address.lower())
        needed = {(job.duty.value, job.position) for job in jobs}
        news = self._outbox.reconcile(head)
        self._failures = {key: value for key, value in self._failures.items() if key in needed}
        for entry in news.failed:
            self._pause(entry.duty, entry.position, head)
        resent = self._resent(news.missing, needed, head)
        ready, passed = self._simulated(self._free(jobs, head), head)
        sent, held = self._send(ready, head)
        return Turn(head, jobs, news.done, news.failed, resent, passed, sent, held)

    def _resent(self, missing: list[Entry], needed: set[tuple[str, int]], head: Head) -> list[Entry]:
        """Send again what got lost, but what nobody needs and no other transaction waits for.

        That is given up after some blocks: when blocks are replaced, a node may find it again a moment later.
        """
        again, last = [], self._outbox.last_pending()
        for entry in sorted(missing, key=lambda entry: -entry.nonce):
            if (entry.duty, entry.position) in needed or entry.nonce < last:
                again.append(entry)
                last = max(last, entry.nonce)
            elif entry.missing is not None and head.number >= entry.missing + GRACE:
                self._outbox.drop([entry], "no longer due, and the node does not know it")
        again.reverse()
        if again:
            self._outbox.resend(again)
        return again

    def _free(self, jobs: list[Job], head: Head) -> list[Job]:
        """Return the jobs that are neither under way nor pausing."""
        waited_for = self._outbox.waited_for(head)
        return [job for job in jobs if job.position not in waited_for and not self._is_pausing(job, head)]

    def _is_pausing(self, job: Job, head: Head) -> bool:
        times, block = self._failures.get((job.duty.value, job.position), (0, 0))
        return times > 0 and head.number < block + min(2 ** (times - 1), LONGEST_PAUSE)

    def _pause(self, duty: str, position: int, head: Head) -> None:
        times, _ = self._failures.get((duty, position), (0, 0))
        self._failures[duty, position] = (times + 1, head.number)

    def _simulated(self, jobs: list[Job], head: Head) -> tuple[list[Job], list[tuple[Job, str]]]:
        ready, passed = simulated(self._node, self._decoder, jobs, self._caller())
        for job, _ in passed:
            self._pause(job.duty.value, job.position, head)
        return ready, passed

    def _send(self, jobs: list[Job], head: Head) -> tuple[list[tuple[Job, Entry]], str]:
        """Send as many jobs as the account can pay for, best first; say why, if those are not all."""
        fees = fees_within(self._node, head, self._spending.max_gas_price) if jobs else None
        if fees is None:
            return [], "gas costs more than --max-gas-price" if jobs else ""
        chosen = jobs[: self._affordable(fees)]
        nonces = islice(self._outbox.nonces(), len(chosen))
        entries = [self._sign(job, nonce, fees) for job, nonce in zip(chosen, nonces, strict=True)]
        self._outbox.post(entries, head)
        held = "" if len(chosen) == len(jobs) else f"{self._signer.address} has too little ether for the gas"
        return list(zip(chosen, entries, strict=True)), held

    def _affordable(self, fees: Fees) -> int:
        """Return for how many more transactions the account has ether, if all cost the most they may."""
        answer = ask(self._node, "eth_getBalance", self._signer.address, "latest")
        waiting = sum(entry.mined is None for entry in self._outbox.entries.values())
        return max(0, int(answer, 16) // (self._spending.gas_limit * most_per_gas(fees)) - waiting)

    def _sign(self, job: Job, nonce: int, fees: Fees) -> Entry:
        request = request_of(job, self._decoder) | {
            "value": 0,
            "nonce": nonce,
            "gas": self._spending.gas_limit,
        }
        signed = self._signer.sign_transaction(request | fees | {"chainId": self._node.chain_id})
        return entry_of(job, nonce, "0x" + signed.hash.hex(), "0x" + signed.raw_transaction.hex())

    def _caller(self) -> dict[str, Any]:
        return {"from": self._signer.address, "gas": hex(self._spending.gas_limit)}


def simulated(
    node: Node, decoder: Decoder, jobs: list[Job], caller: dict[str, Any]
) -> tuple[list[Job], list[tuple[Job, str]]]:
    """Return the jobs that the chain would carry out now, and the rest with its reasons.

    ``caller``: who calls, and with how much gas. Raises NodeRefused, NodeUnreachable.
    """
    calls = [("eth_call", [request_of(job, decoder) | caller, "latest"]) for job in jobs]
    ready, passed = [], []
    for job, answer in zip(jobs, ask_many(node, calls), strict=True):
        if isinstance(answer, Failure) and answer.is_revert:
            passed.append((job, reason_of(answer, decoder)))
        else:
            answered(node, answer)
            ready.append(job)
    return ready, passed


def request_of(job: Job, decoder: Decoder) -> dict[str, Any]:
    """Return the call of a job."""
    data = decoder.interfaces[VAULT][job.duty.value].call(job.position)
    return {"to": to_checksum_address(decoder.addresses[VAULT]), "data": "0x" + data.hex()}


def reason_of(refusal: Failure, decoder: Decoder) -> str:
    """Return why the vault refused a call."""
    refused = decoder.refusals.read(bytes.fromhex(refusal.data.removeprefix("0x")))
    return f"{refused.error}({', '.join(map(str, refused.args))})"

"""Sends each transaction of an account once, whatever happens to the process, the node and the chain."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_utils.address import to_checksum_address
from hexbytes import HexBytes

from ringfence_operations.node.client import Block, Node, Receipt
from ringfence_operations.node.rpc import Failure
from ringfence_operations.sending.entry import Entry, Signed, apply, intention
from ringfence_operations.sending.fees import Fees
from ringfence_operations.sending.journal import Journal

KNOWN: Final = re.compile(r"\balready|\bknown\b|nonce too low", re.IGNORECASE)  # in the words of nodes


@dataclass(frozen=True, slots=True)
class Call:
    """What a transaction is to do, and what for; without ``to`` it creates a contract."""

    task: str
    to: str | None
    data: bytes


@dataclass(frozen=True, slots=True)
class News:
    """What became of open entries since the last look: the newly ``mined``, those ``missing`` at the node,
    and those whose nonces other transactions have used, ``overtaken``.
    """

    mined: list[Entry]
    missing: list[Entry]
    overtaken: list[Entry]


class Outbox:
    """Signs, sends, replaces and follows the transactions of one account.

    A transaction is in the journal before it is sent, and is only ever sent as it was signed: sending it
    again can't make it happen twice. One that replaces another, for a higher fee, has its nonce, so that only
    one of them can be mined. All state is read from the journal: a process that was stopped anywhere is
    continued by the next one.
    """

    def __init__(self, node: Node, key: LocalAccount, journal: Journal) -> None:
        """Take up what the journal leaves open."""
        self._node, self._key, self._journal = node, key, journal
        self.account = str(key.address)
        self.entries: dict[int, Entry] = {}
        journal.replay(lambda line: apply(line, self.entries))

    def entry_of(self, task: str) -> Entry | None:
        """Return the open entry of a task."""
        return next((entry for entry in self.entries.values() if entry.task == task), None)

    def unmined(self, block: Block) -> list[Entry]:
        """Return the entries that are in no block up to this one."""
        return [e for e in self.entries.values() if e.receipt is None or e.receipt.block > block.number]

    def last_pending(self) -> int:
        """Return the highest nonce in the node's pool, for which all lower ones must be used; -1 if none."""
        pending = (e.nonce for e in self.entries.values() if e.receipt is None and e.missing is None)
        return max(pending, default=-1)

    def post(self, calls: Sequence[Call], gas: int, fees: Fees, block: Block) -> list[Entry]:
        """Sign, journal and send calls under free nonces, each with a limit of gas; return their entries."""
        given = list(zip(calls, self._nonces(), strict=False))
        self._note(
            intention(call.task, nonce, self._signed(nonce, _fields(call, gas), fees), block)
            for call, nonce in given
        )
        entries = [self.entries[nonce] for _, nonce in given]
        self._send(entries)
        return entries

    def replace(self, entries: Iterable[Entry], fees: Fees, block: Block) -> list[Entry]:
        """Offer more for the gas of entries, where ``fees`` are enough for that; return those."""
        replaced, lines = [], []
        for entry in entries:
            newest = entry.signed[-1]
            higher = fees.replacing(newest.fees)
            if higher is not None:
                signed = self._signed(entry.nonce, _decoded(newest.raw), higher)
                lines.append(intention(entry.task, entry.nonce, signed, block))
                replaced.append(entry)
        if replaced:
            self._note(lines)
            self._send(replaced)
        return replaced

    def resend(self, entries: Sequence[Entry]) -> None:
        """Send again what was sent before, or was about to be."""
        if entries:
            self._note(entry.line("resent") for entry in entries)
            self._send(entries)

    def drop(self, entries: Iterable[Entry], why: str) -> None:
        """Give up entries that can't be mined any more, or that the node does not know."""
        self._note(entry.line("dropped", why=why) for entry in entries)

    def settle(self, block: Block, confirmations: int) -> None:
        """Close the entries with N ``confirmations``, blocks above theirs."""
        deep = block.number - confirmations
        self._note(e.line("settled") for e in self.entries.values() if e.receipt and e.receipt.block <= deep)

    def reconcile(self, block: Block) -> News:
        """Learn what became of every open entry; what is missing is to be resent or dropped."""
        entries = list(self.entries.values())
        receipts = self._receipts(entries)
        mined = [e for e in entries if e.nonce in receipts and e.receipt != receipts[e.nonce]]
        unmined = [e for e in entries if e.nonce not in receipts and e.receipt is not None]
        self._note(
            e.line("mined", hash=receipts[e.nonce].hash, receipt=asdict(receipts[e.nonce])) for e in mined
        )
        self._note(e.line("unmined") for e in unmined)
        missing, overtaken = self._lost([entry for entry in entries if entry.receipt is None])
        nonces = {entry.nonce for entry in missing}
        for entry in entries:
            entry.missing = (entry.missing or block.number) if entry.nonce in nonces else None
        return News(mined, missing, overtaken)

    def _lost(self, entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Return the entries unknown to the node, and those, dropped now, whose nonces others have used."""
        hashes = [(entry.nonce, signed.hash) for entry in entries for signed in entry.signed]
        found = self._node.knows([number for _, number in hashes])
        known = {nonce for (nonce, _), is_known in zip(hashes, found, strict=True) if is_known}
        unknown = [entry for entry in entries if entry.nonce not in known]
        if not unknown:
            return [], []
        used = self._node.nonce(self.account)
        mined = self._receipts(unknown)  # since the first look
        lost = [entry for entry in unknown if entry.nonce not in mined]
        overtaken = [entry for entry in lost if entry.nonce < used]
        self.drop(overtaken, "another transaction has its nonce")
        return [entry for entry in lost if entry.nonce >= used], overtaken

    def _receipts(self, entries: Iterable[Entry]) -> dict[int, Receipt]:
        """Return the receipts of the entries that are mined, by nonce."""
        hashes = [(entry.nonce, signed.hash) for entry in entries for signed in entry.signed]
        receipts = self._node.receipts([number for _, number in hashes])
        return {nonce: found for (nonce, _), found in zip(hashes, receipts, strict=True) if found}

    def _nonces(self) -> Iterator[int]:
        """Give the nonces that new transactions may have, one after the other."""
        latest, pending = (self._node.nonce(self.account, block) for block in ("latest", "pending"))
        taken = self.entries.keys() | set(range(latest, pending))
        return (nonce for nonce in count(latest) if nonce not in taken)

    def _signed(self, nonce: int, fields: dict[str, Any], fees: Fees) -> Signed:
        request = {"chainId": self._node.chain_id, "nonce": nonce, "value": 0, **fields, **fees.fields}
        signed = self._key.sign_transaction(request)
        return Signed("0x" + signed.hash.hex(), "0x" + signed.raw_transaction.hex(), fees)

    def _send(self, entries: Sequence[Entry]) -> None:
        answers = self._node.ask_many([("eth_sendRawTransaction", [e.signed[-1].raw]) for e in entries])
        for entry, answer in zip(entries, answers, strict=True):
            is_refused = isinstance(answer, Failure) and not KNOWN.search(answer.message)
            entry.refusal = answer.message if is_refused else ""
        self._note(entry.line("refused", why=entry.refusal) for entry in entries if entry.refusal)

    def _note(self, lines: Iterable[dict[str, Any]]) -> None:
        written = list(lines)
        self._journal.write(written)
        for line in written:
            apply(line, self.entries)


def _fields(call: Call, gas: int) -> dict[str, Any]:
    return {"to": to_checksum_address(call.to) if call.to else b"", "data": call.data, "gas": gas}


def _decoded(raw: str) -> dict[str, Any]:
    """Return the fields of a signed transaction that one in its place has, too."""
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    return {name: fields[name] for name in ("to", "data", "gas")}

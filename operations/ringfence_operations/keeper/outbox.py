"""A keeper's transactions, from the intention to the block that nothing will replace."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from ringfence_operations.follow.batches import Failure, answered, ask, ask_many
from ringfence_operations.follow.connection import Node
from ringfence_operations.follow.following import Head
from ringfence_operations.keeper.due import Job
from ringfence_operations.keeper.journal import Journal

KNOWN_ALREADY: Final = ("already known", "already imported", "already exists")


@dataclass(slots=True)
class Entry:
    """A signed transaction that is in the journal. ``mined``: the block that it is in, if any; ``missing``:
    the latest block when the node was first found to know nothing of it, if it doesn't.
    """

    duty: str
    position: int
    nonce: int
    hash: str
    raw: str
    mined: int | None = None
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What became of open transactions since the last look: ``done`` and ``failed`` were mined; of
    ``missing`` the node knows nothing.
    """

    done: list[Entry]
    failed: list[Entry]
    missing: list[Entry]


class Outbox:
    """Sends what is in the journal, as often as it takes, and never anything else in its place.

    A transaction is journalled before it is sent, and only ever sent as it was signed: sending it again can't
    make it happen twice. Until it is settled, under so many blocks, or its nonce is used by another, its
    position is waited for. All of this is read from the journal alone, so a keeper that was stopped anywhere
    goes on where it was.
    """

    def __init__(self, node: Node, account: str, journal: Journal, confirmations: int) -> None:
        """Take up what the journal leaves open; settled are transactions under ``confirmations`` blocks."""
        self._node, self._account, self._journal = node, account, journal
        self._confirmations = confirmations
        self.entries: dict[str, Entry] = {}
        for line in journal.past:
            self._apply(line)

    def post(self, entries: list[Entry], head: Head) -> None:
        """Journal new transactions, as of a block, then send them."""
        self._note(*[_intended(entry, head) for entry in entries])
        self._send(entries)

    def reconcile(self, head: Head) -> News:
        """Learn what became of everything open; what is missing is to be resent or dropped."""
        entries = list(self.entries.values())
        receipts = ask_many(self._node, [("eth_getTransactionReceipt", [entry.hash]) for entry in entries])
        unmined, news = [], News([], [], [])
        for entry, receipt in zip(entries, receipts, strict=True):
            if isinstance(receipt, dict) and receipt.get("blockNumber"):
                self._see_mined(entry, receipt, head, news)
            elif receipt is None:
                unmined.append(entry)
        self._note(*[{"kind": "unmined", "hash": entry.hash} for entry in unmined if entry.mined is not None])
        news.missing.extend(self._missing(unmined))
        for entry in entries:
            entry.missing = None if entry not in news.missing else entry.missing or head.number
        return news

    def resend(self, entries: list[Entry]) -> None:
        """Send again what was sent before, or was about to be."""
        self._note(*[{"kind": "resent", "hash": entry.hash} for entry in entries])
        self._send(entries)

    def drop(self, entries: list[Entry], why: str) -> None:
        """Give up transactions that the node knows nothing of; their nonces are free again."""
        self._note(*[{"kind": "dropped", "hash": entry.hash, "why": why} for entry in entries])

    def waited_for(self, head: Head) -> set[int]:
        """Return the positions that a transaction may still change after ``head``."""
        return {
            entry.position
            for entry in self.entries.values()
            if entry.mined is None or entry.mined > head.number
        }

    def last_pending(self) -> int:
        """Return the highest nonce in the node's pool, for which all lower ones must be used; -1 if none."""
        pending = (e.nonce for e in self.entries.values() if e.mined is None and e.missing is None)
        return max(pending, default=-1)

    def nonces(self) -> Iterator[int]:
        """Give the nonces that new transactions may have, one after the other."""
        latest, pending = (
            int(answered(self._node, answer), 16)
            for answer in ask_many(
                self._node,
                [("eth_getTransactionCount", [self._account, block]) for block in ("latest", "pending")],
            )
        )
        taken = {entry.nonce for entry in self.entries.values()} | set(range(latest, pending))
        return (nonce for nonce in count(latest) if nonce not in taken)

    def _see_mined(self, entry: Entry, receipt: dict[str, Any], head: Head, news: News) -> None:
        block = int(receipt["blockNumber"], 16)
        if entry.mined != block:
            ok = receipt["status"] == "0x1"
            self._note({"kind": "mined", "hash": entry.hash, "block": block, "ok": ok})
            (news.done if ok else news.failed).append(entry)
        if block <= head.number - self._confirmations:
            self._note({"kind": "settled", "hash": entry.hash})

    def _missing(self, entries: list[Entry]) -> list[Entry]:
        """Return those of ``entries`` that the node knows nothing of, and whose nonces are not used."""
        if not entries:
            return []
        known = ask_many(self._node, [("eth_getTransactionByHash", [entry.hash]) for entry in entries])
        unknown = [entry for entry, found in zip(entries, known, strict=True) if found is None]
        if not unknown:
            return []
        used = int(ask(self._node, "eth_getTransactionCount", self._account, "latest"), 16)
        receipts = ask_many(self._node, [("eth_getTransactionReceipt", [entry.hash]) for entry in unknown])
        lost = [entry for entry, found in zip(unknown, receipts, strict=True) if found is None]
        self.drop([entry for entry in lost if entry.nonce < used], "another transaction has its nonce")
        return [entry for entry in lost if entry.nonce >= used]

    def _send(self, entries: list[Entry]) -> None:
        answers = ask_many(self._node, [("eth_sendRawTransaction", [entry.raw]) for entry in entries])
        self._note(
            *[
                {"kind": "refused", "hash": entry.hash, "why": answer.message}
                for entry, answer in zip(entries, answers, strict=True)
                if isinstance(answer, Failure) and not _is_known(answer)
            ]
        )

    def _note(self, *lines: dict[str, Any]) -> None:
        self._journal.write(lines)
        for line in lines:
            self._apply(line)

    def _apply(self, line: dict[str, Any]) -> None:
        match line:
            case {"kind": "intended"}:
                entry = Entry(line["duty"], line["position"], line["nonce"], line["hash"], line["raw"])
                self.entries[entry.hash] = entry
            case {"kind": "mined" | "unmined", "hash": number} if number in self.entries:
                self.entries[number].mined = line.get("block")
            case {"kind": "settled" | "dropped", "hash": number}:
                self.entries.pop(number, None)


def entry_of(job: Job, nonce: int, hash: str, raw: str) -> Entry:
    """Return a job's signed transaction, which was not sent yet."""
    return Entry(job.duty.value, job.position, nonce, hash, raw)


def _intended(entry: Entry, head: Head) -> dict[str, Any]:
    return {
        "kind": "intended",
        "duty": entry.duty,
        "position": entry.position,
        "nonce": entry.nonce,
        "hash": entry.hash,
        "block": head.number,
        "raw": entry.raw,
    }


def _is_known(refusal: Failure) -> bool:
    return any(text in refusal.message.lower() for text in KNOWN_ALREADY)

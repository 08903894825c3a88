"""A transaction from the intention to send it until nothing can replace its block, as the journal has it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from ringfence_operations.node.client import Block, Receipt
from ringfence_operations.sending.fees import Fees


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed transaction: ``raw`` is its bytes as hex text."""

    hash: str
    raw: str
    fees: Fees


@dataclass(slots=True)
class Entry:
    """One use of a nonce: all that was signed for it, the newest last, of which one can be mined.

    ``task`` says what for. ``receipt``: of the one that is mined, if any. ``missing``: the block at which the
    node was first found to know none of them, if it doesn't. ``refusal``: why it did not take the newest.
    """

    task: str
    nonce: int
    signed: list[Signed] = field(default_factory=list)
    receipt: Receipt | None = None
    missing: int | None = None
    refusal: str = ""

    @property
    def hash(self) -> str:
        """Return the hash of the transaction that is mined, or else of the newest."""
        return self.receipt.hash if self.receipt else self.signed[-1].hash

    @property
    def has_failed(self) -> bool:
        """Return whether it is mined and was reverted."""
        return self.receipt is not None and not self.receipt.ok

    def is_priced_out(self, block: Block) -> bool:
        """Return whether none of its transactions can be mined at a block's base fee."""
        return self.receipt is None and self.signed[-1].fees.most < (block.base_fee or 0)

    def line(self, kind: str, **rest: Any) -> dict[str, Any]:
        """Return a line of the journal about this entry."""
        return {"kind": kind, "nonce": self.nonce, "hash": self.hash, **rest}


def intention(task: str, nonce: int, signed: Signed, block: Block) -> dict[str, Any]:
    """Return the line of the journal by which a signed transaction joins the entry of its nonce."""
    line = {"kind": "intended", "task": task, "nonce": nonce, "hash": signed.hash, "block": block.number}
    return line | {"fees": asdict(signed.fees), "raw": signed.raw}


def apply(line: dict[str, Any], entries: dict[int, Entry]) -> None:
    """Change the open entries, by their nonces, as a line of the journal says."""
    match line:
        case {"kind": "intended", "nonce": nonce}:
            entry = entries.setdefault(nonce, Entry(line["task"], nonce))
            entry.signed.append(Signed(line["hash"], line["raw"], Fees(**line["fees"])))
        case {"kind": "mined", "nonce": nonce}:
            entries[nonce].receipt = Receipt(**line["receipt"])
        case {"kind": "unmined", "nonce": nonce}:
            entries[nonce].receipt = None
        case {"kind": "settled" | "dropped", "nonce": nonce}:
            del entries[nonce]

"""What a transaction offers for its gas, within the operator's bound."""

from dataclasses import dataclass
from typing import Any, Final

from ringfence.types.errors import RingfenceError

from ringfence_operations.node.client import Block, Node
from ringfence_operations.node.rpc import Failure

GWEI: Final = 10**9
ETHER: Final = 10**18
BUMP: Final = 9, 8  # what nodes ask of a transaction that is to replace another, and a little more


@dataclass(frozen=True, slots=True)
class Fees:
    """The most that a gas may cost, and the tip in it, in wei; no tip where gas has one price."""

    most: int
    tip: int | None

    @property
    def fields(self) -> dict[str, Any]:
        """Return the fields of a transaction that say so."""
        if self.tip is None:
            return {"gasPrice": self.most}
        return {"type": 2, "maxFeePerGas": self.most, "maxPriorityFeePerGas": self.tip}

    def replacing(self, other: "Fees") -> "Fees | None":
        """Return these fees, or a higher tip, to replace a transaction of ``other``; None if they can't."""
        if self.tip is None or other.tip is None or self.most < _bumped(other.most):
            return None
        tip = max(self.tip, _bumped(other.tip))
        return Fees(self.most, tip) if tip <= self.most else None


def fees_within(node: Node, block: Block, bound: int, base_fees: int | None = None) -> Fees | None:
    """Return what to offer; None while gas costs more than ``bound``, wei per gas, tip included.

    The whole bound is offered, or with ``base_fees`` at most that multiple of the block's base fee: what is
    paid is the base fee of the transaction's block and the tip; the rest allows for a base fee that rises.
    Raises NodeRefused, NodeUnreachable.
    """
    if block.base_fee is None:
        price = int(node.ask("eth_gasPrice"), 16)
        return Fees(price, None) if price <= bound else None
    if block.base_fee > bound:
        return None
    (suggested,) = node.ask_many([("eth_maxPriorityFeePerGas", [])])
    tip = 0 if isinstance(suggested, Failure) else int(suggested, 16)
    tip = min(tip, bound - block.base_fee)
    most = bound if base_fees is None else min(bound, base_fees * block.base_fee + tip)
    return Fees(most, tip)


def _bumped(fee: int) -> int:
    return fee * BUMP[0] // BUMP[1] + 1


def check_funds(node: Node, account: str, cost: int, purpose: str) -> None:
    """See that an account has the wei that a purpose may cost; raises RingfenceError."""
    balance = node.balance(account)
    if balance < cost:
        raise RingfenceError(
            f"{account} has {balance / ETHER:.6f} ether, and {purpose} may cost {cost / ETHER:.6f}; "
            "send it the difference"
        )

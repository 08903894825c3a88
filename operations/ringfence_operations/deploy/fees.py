"""What a transaction offers for its gas, within the operator's bound."""

from typing import Any, TypeAlias

from ringfence_operations.follow.batches import Failure, ask, ask_many
from ringfence_operations.follow.connection import Node
from ringfence_operations.follow.following import Head

Fees: TypeAlias = dict[str, Any]  # the fields of a transaction that say what it offers, in wei per gas


def fees_within(node: Node, head: Head, bound: int) -> Fees | None:
    """Return what to offer; None while gas costs more than ``bound``, wei per gas, tip included.

    The whole bound is offered: what is paid is the block's own price and the node's tip, and a transaction
    that is sent stays good when the price rises. Raises NodeRefused, NodeUnreachable.
    """
    if head.base_fee is None:
        price = int(ask(node, "eth_gasPrice"), 16)
        return {"gasPrice": price} if price <= bound else None
    (suggested,) = ask_many(node, [("eth_maxPriorityFeePerGas", [])])
    tip = 0 if isinstance(suggested, Failure) else int(suggested, 16)
    if head.base_fee > bound:
        return None
    return {"type": 2, "maxFeePerGas": bound, "maxPriorityFeePerGas": min(tip, bound - head.base_fee)}


def most_per_gas(fees: Fees) -> int:
    """Return the most that a gas may cost, in wei."""
    return int(fees["gasPrice"] if "gasPrice" in fees else fees["maxFeePerGas"])

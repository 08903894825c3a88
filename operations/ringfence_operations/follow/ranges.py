"""The logs of a range of blocks, in pieces that the node is willing to give."""

from collections.abc import Iterator
from typing import Any, Final

from ringfence_operations.node.client import Node
from ringfence_operations.node.rpc import Failure, NodeRefused

FIRST_SPAN: Final = 50_000  # blocks
CALM: Final = 20  # pieces that went well before a larger one is tried
NO_METHOD: Final = -32601
FORBIDDEN: Final = (401, 403, 404)


class LogRanges:
    """Asks one node for the logs of some contracts, and learns how much it gives at a time.

    Nodes limit the blocks of a question or the logs of an answer, each in its own words. So whatever is
    refused is asked for in halves, down to a single block; after a while, larger pieces are tried again.
    """

    def __init__(self, node: Node, addresses: tuple[str, ...]) -> None:
        """Ask ``node`` for the logs of the contracts at ``addresses``."""
        self.span = FIRST_SPAN
        self._node, self._addresses = node, list(addresses)
        self._calm = 0

    def pieces(self, first: int, last: int) -> Iterator[tuple[int, list[dict[str, Any]], list[Any]]]:
        """Give the logs from block ``first`` to ``last`` as (last block of the piece, logs, blocks).

        ``blocks`` are the headers of the piece's last block, read before the logs, and of the block before
        the piece, read after them: comparing them shows whether the chain changed meanwhile.

        Raises:
            NodeRefused: the node doesn't give the logs of a single block, or none at all.
            NodeUnreachable: it does not answer.
        """
        while first <= last:
            end = min(first + self.span - 1, last)
            above, logs, below = self._node.ask_many(
                [_header(end), ("eth_getLogs", [self._filter(first, end)]), _header(first - 1)]
            )
            if isinstance(logs, Failure):
                self._shrink(first, end, logs)
                continue
            self._grow()
            yield end, logs, [above, below]
            first = end + 1

    def _filter(self, first: int, last: int) -> dict[str, Any]:
        return {"address": self._addresses, "fromBlock": hex(first), "toBlock": hex(last)}

    def _shrink(self, first: int, end: int, refusal: Failure) -> None:
        if end == first or refusal.code in (NO_METHOD, *FORBIDDEN):
            raise NodeRefused(
                f"{self._node.place}: the node refuses the logs of blocks {first} to {end}: {refusal.message}"
            )
        self.span = (end - first + 1) // 2
        self._calm = 0

    def _grow(self) -> None:
        self._calm += 1
        if self._calm >= CALM:
            self.span, self._calm = min(2 * self.span, FIRST_SPAN), 0


def _header(number: int) -> tuple[str, list[Any]]:
    return "eth_getBlockByNumber", [hex(number), False]

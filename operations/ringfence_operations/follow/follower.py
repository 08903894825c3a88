"""A market's ledger, rebuilt from its events since the deployment, through reorganisations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ringfence.properties.event_ledger import EventLedger, genesis
from ringfence.types.errors import RingfenceError
from ringfence.types.roles import NOBODY, POOL, VAULT
from ringfence.types.state import VaultState

from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.follow.ranges import LogRanges
from ringfence_operations.follow.times import timed
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Block, Node
from ringfence_operations.node.rpc import Failure, NodeRefused

UNSETTLED: Final = 64  # the latest blocks, which a reorganisation may still replace
ATTEMPTS: Final = 5  # at one advance, while the chain changes under it


@dataclass(frozen=True, slots=True)
class Mark:
    """The ledger after a block."""

    number: int
    hash: str
    state: VaultState


class Follower:
    """Holds the ledger as of the latest block that it has followed to."""

    def __init__(self, node: Node, manifest: Manifest, marks: Sequence[Mark] = ()) -> None:
        """Follow from the newest of ``marks`` that is still on the chain, or from the deployment.

        Raises:
            RingfenceError: the node's chain has another block where the market was deployed.
            NodeRefused, NodeUnreachable: as the node does.
        """
        self._node, self._manifest = node, manifest
        self.decoder = Decoder(manifest)
        self._ranges = LogRanges(node, (self.decoder.addresses[VAULT], self.decoder.addresses[POOL]))
        self._check_deployment()
        start = genesis(NOBODY, NOBODY, manifest.deployed_at)
        self._start = Mark(manifest.deployment_block - 1, "", start)
        self.marks = [self._start, *marks]
        self.events = 0
        self.rolled_back = 0
        self._resume_at(self.marks[-1])

    @property
    def number(self) -> int:
        """Return the latest block whose events are in the ledger."""
        return self.marks[-1].number

    def state(self) -> VaultState:
        """Return the ledger after that block; tokens in wallets are not in it."""
        return self.marks[-1].state

    def restart(self) -> None:
        """Forget everything, back to the deployment."""
        self.marks = [self._start]
        self._resume_at(self._start)

    def advance(self, progress: Callable[[int, int], None] = lambda done, whole: None) -> Block:
        """Follow to the latest block and return it; ``progress`` gets how many blocks are done, of how many.

        Raises:
            NodeRefused: the chain changed again and again meanwhile, or as the node does.
            NodeUnreachable: as the node does; the next call resumes there.
        """
        for _ in range(ATTEMPTS):
            head = self._node.block()
            self._return_to_chain()
            if self._follow(head, progress):
                return head
        raise NodeRefused(f"{self._node.place}: the latest blocks change faster than they can be read")

    def _check_deployment(self) -> None:
        number, expected = self._manifest.deployment_block, self._manifest.deployment_block_hash
        block = self._node.ask("eth_getBlockByNumber", hex(number), False)
        if block is None or block["hash"] != expected:
            raise RingfenceError(
                f"{self._node.place}: block {number} is not the manifest's block of deployment, {expected};"
                " the node is of another chain, or the deployment was reorganised away"
            )

    def _return_to_chain(self) -> None:
        """Go back to the latest mark whose block is still on the chain."""
        before = len(self.marks)
        while self.marks[-1] is not self._start and not self._is_on_chain(self.marks[-1]):
            self.marks.pop()
        if len(self.marks) < before:
            self.rolled_back += 1
            self._resume_at(self.marks[-1])

    def _is_on_chain(self, mark: Mark) -> bool:
        block = self._node.ask("eth_getBlockByNumber", hex(mark.number), False)
        return block is not None and block["hash"] == mark.hash

    def _follow(self, head: Block, progress: Callable[[int, int], None]) -> bool:
        """Apply the blocks up to ``head``; return False when the chain changed meanwhile."""
        first = self.number + 1
        settled = max(first - 1, head.number - UNSETTLED)
        for start, last in ((first, settled), (settled + 1, head.number)):
            for end, logs, (above, below) in self._ranges.pieces(start, last):
                if not self._is_consistent(above, below, logs, end):
                    return False
                self._apply(Mark(end, above["hash"], self.marks[-1].state), above, logs)
                progress(end - first + 1, head.number - first + 1)
        return True

    def _is_consistent(self, above: Any, below: Any, logs: list[dict[str, Any]], end: int) -> bool:
        """Return whether a piece was read from one chain, which goes on from the latest mark."""
        if any(block is None or isinstance(block, Failure) for block in (above, below)):
            return False
        latest = self.marks[-1]
        if latest is not self._start and below["hash"] != latest.hash:
            return False
        return all(log["blockHash"] == above["hash"] for log in logs if int(log["blockNumber"], 16) == end)

    def _apply(self, mark: Mark, block: dict[str, Any], logs: list[dict[str, Any]]) -> None:
        events = self.decoder.events(logs)
        for of_block, time in timed(events, logs, lambda log: self._time_of(log, block)):
            self._ledger.apply(of_block, time)
        self.events += len(events)
        self.marks.append(Mark(mark.number, mark.hash, self._ledger.state() if events else mark.state))
        self._prune(mark.number - UNSETTLED)

    def _time_of(self, log: dict[str, Any], block: dict[str, Any]) -> int:
        if "blockTimestamp" in log:
            return int(log["blockTimestamp"], 16)
        if log["blockNumber"] != block["number"]:
            block = self._node.ask("eth_getBlockByNumber", log["blockNumber"], False)
        return int(block["timestamp"], 16)

    def _prune(self, number: int) -> None:
        """Drop what is older than the newest mark at or before a block, but for the start."""
        old = [index for index, mark in enumerate(self.marks) if mark.number <= number]
        if old:
            self.marks[1 : old[-1]] = []

    def _resume_at(self, mark: Mark) -> None:
        self._ledger = EventLedger(mark.state, is_open=True)

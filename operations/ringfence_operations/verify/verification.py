"""A deployed market against its manifest: every check there is, at one block."""

from collections.abc import Callable
from dataclasses import dataclass

from ringfence.evm.abi import MalformedOutput
from ringfence.evm.chains.base import Reverted

from ringfence_operations.follow.follower import Follower
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.node.rpc import NodeRefused
from ringfence_operations.verify.books import book_checks, read_books
from ringfence_operations.verify.checks import Check, Scene, static_checks


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found at a block, of so many events."""

    block: int
    block_hash: str
    events: int
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Return whether there is nothing to complain about."""
        return not any(check.complaints for check in self.checks)


def verify(node: Node, manifest: Manifest, progress: Callable[[int, int], None]) -> Verified:
    """Make every check at the latest block; ``progress`` gets how many blocks were read, of how many.

    Raises:
        RingfenceError: the node is not there, is of another chain, or has lost the state of its own block.
    """
    follower = Follower(node, manifest)
    block = follower.advance(progress)
    checks = list(static_checks(Scene(manifest, node, block.number)))
    try:
        checks += book_checks(read_books(node, manifest, follower, block), manifest)
    except (NodeRefused, MalformedOutput, Reverted):
        if not any(check.complaints for check in checks):
            raise
        checks.append(Check("books", "the contracts tell what they hold", ("these contracts don't",)))
    return Verified(block.number, block.hash, follower.events, tuple(checks))

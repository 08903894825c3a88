"""A deployed market against its manifest: every check there is, at one block."""

from collections.abc import Callable
from dataclasses import dataclass

from ringfence.evm.abi import MalformedOutput
from ringfence.evm.chains.base import Reverted

from ringfence_operations.deploy.manifest import Manifest
from ringfence_operations.follow.connection import Node, NodeRefused
from ringfence_operations.follow.following import Follower
from ringfence_operations.verify.book_checks import book_checks, read_books
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


def verify(node: Node, manifest: Manifest, watch: Callable[[int, int], None]) -> Verified:
    """Make every check at the latest block; ``watch`` is told how many blocks were read, of how many.

    Raises:
        RingfenceError: the node is not there, is of another chain, or has lost the state of its own head.
    """
    follower = Follower(node, manifest)
    head = follower.advance(watch)
    checks = list(static_checks(Scene(manifest, node, head.number)))
    try:
        checks += book_checks(read_books(node, manifest, follower, head), manifest)
    except (NodeRefused, MalformedOutput, Reverted):
        if not any(check.complaints for check in checks):
            raise
        checks.append(Check("books", "the contracts tell what they hold", ("these contracts don't",)))
    return Verified(head.number, head.hash, follower.events, tuple(checks))

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
from ringfence_operations.verify.checks import Check, DeployedMarket, static_checks


@dataclass(frozen=True, slots=True)
class Verification:
    """What the checks found at a block, after N ``events``."""

    block: int
    block_hash: str
    events: int
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Return whether no check found a violation."""
        return not any(check.violations for check in self.checks)


def verify(node: Node, manifest: Manifest, progress: Callable[[int, int], None]) -> Verification:
    """Make every check at the latest block; ``progress`` gets how many blocks were read, of how many.

    Raises:
        RingfenceError: the node is not there, is of another chain, or has lost the state of its own block.
    """
    follower = Follower(node, manifest)
    block = follower.advance(progress)
    checks = list(static_checks(DeployedMarket(manifest, node, block.number)))
    try:
        checks += book_checks(read_books(node, manifest, follower, block), manifest)
    except (NodeRefused, MalformedOutput, Reverted):
        if not any(check.violations for check in checks):
            raise
        checks.append(Check("books", "the contracts answer what they hold", ("these contracts don't",)))
    return Verification(block.number, block.hash, follower.events, tuple(checks))

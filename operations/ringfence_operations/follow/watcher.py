"""A market that is watched: a snapshot at the latest block, and a checkpoint to resume from."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from ringfence_operations.follow import checkpoint
from ringfence_operations.follow.follower import Follower
from ringfence_operations.follow.snapshot import Snapshot, take_snapshot
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node

SAVE_EVERY: Final = 32  # blocks


class Watcher:
    """Follows a market, and saves a checkpoint of it in a file."""

    def __init__(self, node: Node, manifest: Manifest, path: Path | None) -> None:
        """Resume from the checkpoint in ``path``, if there is one; save none without a path.

        Raises:
            RingfenceError: the file is no checkpoint of this market.
            RingfenceError, NodeRefused, NodeUnreachable: as ``Follower``.
        """
        self._node, self._manifest, self._path = node, manifest, path
        marks = checkpoint.load(manifest, path) if path else []
        self.follower = Follower(node, manifest, marks)
        self._saved = self.follower.number
        self._mismatches: tuple[str, ...] = ()

    def snapshot(self, progress: Callable[[int, int], None] = lambda done, whole: None) -> Snapshot:
        """Return the market at the latest block; ``progress`` as of ``Follower.advance``.

        A ledger with mismatches is rebuilt, once; the snapshot has those that are left.

        Raises:
            NodeRefused, NodeUnreachable: as the node does; the next time goes on from there.
        """
        snapshot = take_snapshot(self._node, self._manifest, self.follower, self.follower.advance(progress))
        if snapshot.mismatches and snapshot.mismatches != self._mismatches:
            self.follower.restart()
            snapshot = take_snapshot(
                self._node, self._manifest, self.follower, self.follower.advance(progress)
            )
        self._mismatches = snapshot.mismatches
        if abs(self.follower.number - self._saved) >= SAVE_EVERY:
            self.save()
        return snapshot

    def save(self) -> None:
        """Write the checkpoint; raises RingfenceError if the file can't be written."""
        if self._path is not None:
            checkpoint.save(self.follower.marks, self._manifest, self._path)
            self._saved = self.follower.number

"""A new price written to the feed's storage: that is a third of all steps, and no part of the vault."""

from pyrevm import EVM

from ringfence.evm.abi.layout import Layout
from ringfence.evm.workspace import Workspace
from ringfence.types.roles import FEED
from ringfence.vaults.isolated_margin.actions import SetPrice


class FeedStorage:
    """What the feed of one market says."""

    def __init__(self, workspace: Workspace, evm: EVM) -> None:
        """Find where the feed keeps its answer and the answer's time."""
        layout = Layout(workspace.artifacts[FEED].storage_layout)
        self._answer, self._updated_at = layout.value("_answer"), layout.value("_updatedAt")
        self._address, self._evm = workspace.contracts[FEED], evm

    def set(self, action: SetPrice, now: int) -> None:
        """Do what the feed's function does in a block of time ``now``."""
        evm, address, slot = self._evm, self._address, self._updated_at.slot
        answer, updated_at = action.arguments(now)
        evm.insert_account_storage(
            address, slot, self._updated_at.write(evm.storage(address, slot), updated_at)
        )
        evm.insert_account_storage(address, self._answer.slot, self._answer.write(0, answer))

"""How an action is sent, a new price apart: who calls which address with what calldata."""

from typing import Any, TypeAlias

from ringfence.evm.workspace import Workspace
from ringfence.vaults.isolated_margin.actions import ACTIONS
from ringfence.vaults.isolated_margin.calls import ActionCalls
from ringfence.vaults.isolated_margin.fast.encoding import Encode, Words, selector

Sent: TypeAlias = tuple[str, bytes]  # an address as text, and calldata


class Sending:
    """The calls of one market. Signed messages go the usual way: signing costs more than sending."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        """Prepare a way for every action."""
        self._workspace, self._calls, self._addresses = workspace, ActionCalls(workspace), workspace.contracts
        self._coded = {
            (kind, len(entry["inputs"])): _coder(entry, words)
            for kind in ACTIONS
            if not kind.is_signed
            for entry in workspace.artifacts[kind.contract].abi
            if (entry["type"], entry.get("name")) == ("function", kind.function)
        }

    def order(self, action: Any, now: int) -> Sent:
        """Return what to call in a block of time ``now``."""
        arguments = action.arguments(now)
        coded = self._coded.get((type(action), len(arguments)))
        if coded:
            head, encode = coded
            return self._addresses[action.callee], head + encode(arguments)
        contract, name, args = self._calls.order(action, now)
        return self._addresses[contract], self._workspace.calldata(contract, name, *args)


def _coder(entry: dict[str, Any], words: Words) -> tuple[bytes, Encode]:
    """Return a function's selector and what encodes its arguments."""
    return selector(entry), words.sequence(part["type"] for part in entry["inputs"])

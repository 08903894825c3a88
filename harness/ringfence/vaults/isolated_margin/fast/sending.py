"""How an action is sent, a new price apart: who calls which address with what calldata."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final, TypeAlias

from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action
from ringfence.types.roles import POOL, TOKEN
from ringfence.vaults.isolated_margin.actions import Approve
from ringfence.vaults.isolated_margin.calls import PLAIN, Calls
from ringfence.vaults.isolated_margin.fast.encoding import Words, selector

Sent: TypeAlias = tuple[str, bytes]  # an address as text, and calldata
Send: TypeAlias = Callable[[Any, int], Sent]

SIGNED: Final = "signature"


class Sending:
    """The calls of one market. Signed messages go the usual way: signing costs more than sending."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        """Prepare a way for every action."""
        self._workspace, self._words = workspace, words
        self._calls = Calls(workspace)
        self._ways: dict[type[Action], Send] = {kind: self._plain(kind) for kind in PLAIN}
        self._ways[Approve] = self._approve()

    def order(self, action: Action, now: int) -> Sent:
        """Return what to call in a block of time ``now``."""
        return self._ways.get(type(action), self._signed)(action, now)

    def _plain(self, kind: type[Action]) -> Send:
        contract, name = PLAIN[kind]
        address, entry = self._address(contract), self._entry(contract, name)
        names = [field.name for field in fields(kind)][1:]
        kinds = [part["type"] for part in entry["inputs"]]
        encode, head = self._words.row(zip(names, kinds, strict=True)), selector(entry)
        return lambda action, now: (address, b"".join((head, *encode(action))))

    def _approve(self) -> Send:
        entry = self._entry(TOKEN, "approve")
        addresses = {token: self._address(token) for token in (TOKEN, POOL)}
        encode, head = self._words.row((("spender", "address"), ("amount", "uint256"))), selector(entry)
        return lambda action, now: (addresses[action.token], head + b"".join(encode(action)))

    def _signed(self, action: Action, now: int) -> Sent:
        contract, name, args = self._calls.order(action, now)
        return self._address(contract), self._workspace.calldata(contract, name, *args)

    def _address(self, contract: str) -> str:
        return self._workspace.contracts[contract]

    def _entry(self, contract: str, name: str) -> dict[str, Any]:
        """Return a function's ABI entry; of overloaded ones, that with the fewest inputs."""
        named = [entry for entry in self._workspace.artifacts[contract].abi if entry.get("name") == name]
        functions = [entry for entry in named if entry["type"] == "function"]
        return min(functions, key=lambda entry: len(entry["inputs"]))

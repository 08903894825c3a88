"""What is sent for an action: to which contract, with what arguments; a signature is made when it is due."""

from functools import cache
from typing import Any, TypeAlias

from ringfence.evm.signing import sign_permission, sign_permit
from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Value
from ringfence.types.roles import TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import OpenWithPermit, VaultAction

Order: TypeAlias = tuple[str, str, tuple[Value, ...]]  # contract, function, arguments


class ActionCalls:
    """The calls of one market. What a signature needs beside the action is read when one is made."""

    def __init__(self, workspace: Workspace) -> None:
        """Take the chain that signatures are for."""
        self._workspace, self._domain = workspace, cache(workspace.domain)

    def order(self, action: Any, now: int) -> Order:
        """Return the call of an action in a block of time ``now``."""
        assert isinstance(action, VaultAction)
        arguments = action.arguments(now)
        if action.is_signed:
            arguments += self._signature(action, arguments)
        function = self._workspace.interfaces[action.callee].called(action.function, len(arguments))
        return action.callee, function, arguments

    def _signature(self, action: Any, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
        """Return what the signer makes of a permit, or of the arguments as a permission."""
        if not isinstance(action, OpenWithPermit):
            names = ("owner", "operator", "permissions", "expiry", "nonce", "deadline")
            message = self._addressed(dict(zip(names, arguments, strict=True)))
            return (sign_permission(self._domain(VAULT), message, action.signer, action.flaw),)
        permit: dict[str, Value] = {
            "owner": action.account,
            "spender": VAULT,
            "value": action.margin,
            "nonce": self._workspace.read(TOKEN, "nonces", action.account),
            "deadline": action.deadline,
        }
        return sign_permit(self._domain(TOKEN), self._addressed(permit), action.signer, action.flaw)

    def _addressed(self, message: dict[str, Value]) -> dict[str, Value]:
        """Return the message with addresses for names."""
        book = self._workspace.book
        return {
            name: book.text(value) if isinstance(value, str) else value for name, value in message.items()
        }

"""How each action is sent: to which contract, and with what calldata."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, Final, TypeAlias

from ringfence.evm.signing import sign_permission, sign_permit
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action
from ringfence.types.outcome import Value
from ringfence.types.roles import FEED, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import (
    ACTIONS,
    Approve,
    OpenWithPermit,
    SetOperatorWithSig,
    SetPrice,
)

Order: TypeAlias = tuple[str, str, tuple[Value, ...]]  # contract, function, arguments

PLAIN: Final[dict[type[Action], tuple[str, str]]] = {
    kind: (kind.contract, kind.function)
    for kind in ACTIONS
    if kind not in (Approve, OpenWithPermit, SetOperatorWithSig, SetPrice)
}


class Calls:
    """The calls of one market. What a signature needs beside the action is read when one is made."""

    def __init__(self, workspace: Workspace) -> None:
        """Prepare what does not change."""
        self._workspace = workspace
        self._domain = cache(workspace.domain)
        self._plain = {kind: (*order, arguments_of(kind)) for kind, order in PLAIN.items()}
        self._special: dict[type[Action], Callable[[Any], Order]] = {
            Approve: self._approve,
            SetOperatorWithSig: self._set_operator_with_sig,
            OpenWithPermit: self._open_with_permit,
        }

    def order(self, action: Action, now: int) -> Order:
        """Return the call of an action in a block of time ``now``."""
        plain = self._plain.get(type(action))
        if plain is not None:
            contract, function, arguments = plain
            return contract, function, arguments(action)
        if isinstance(action, SetPrice):
            return FEED, "set", (action.answer, updated_at(action, now))
        return self._special[type(action)](action)

    def _approve(self, action: Approve) -> Order:
        return action.token, "approve", (action.spender, action.amount)

    def _set_operator_with_sig(self, action: SetOperatorWithSig) -> Order:
        message: dict[str, Value] = {
            "owner": action.owner,
            "operator": action.operator,
            "allowed": action.allowed,
            "nonce": action.nonce,
            "deadline": action.deadline,
        }
        domain = self._domain(VAULT)
        signature = sign_permission(domain, self._addressed(message), action.signer, action.flaw)
        return VAULT, "setOperatorWithSig", (*message.values(), signature)

    def _open_with_permit(self, action: OpenWithPermit) -> Order:
        message: dict[str, Value] = {
            "owner": action.account,
            "spender": VAULT,
            "value": action.margin,
            "nonce": self._workspace.read(TOKEN, "nonces", action.account),
            "deadline": action.deadline,
        }
        domain = self._domain(TOKEN)
        signature = sign_permit(domain, self._addressed(message), action.signer, action.flaw)
        terms = (action.size, action.margin, action.limit_price_wad, action.deadline)
        return VAULT, "openWithPermit", (*terms, *signature)

    def _addressed(self, message: dict[str, Value]) -> dict[str, Value]:
        """Return the message with addresses for names."""
        book = self._workspace.book
        return {
            name: book.text(value) if isinstance(value, str) else value for name, value in message.items()
        }


def updated_at(action: SetPrice, now: int) -> int:
    """Return the time that the feed claims its answer is from; never before 0."""
    return max(0, now - action.age)


def arguments_of(kind: type[Action]) -> Callable[[Action], tuple[Value, ...]]:
    """Return what gives an action's fields but the account, in their order."""
    names = [field.name for field in fields(kind)][1:]
    return lambda action: tuple([getattr(action, name) for name in names])

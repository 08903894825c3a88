"""How each action is carried out on the model's market."""

import re
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, TypeAlias

from isolated_margin.market import Market
from isolated_margin.pool import LiquidityPool
from isolated_margin.vault import Vault

from ringfence.evm.signing import Flaw
from ringfence.types.actions import Action
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import (
    ACTIONS,
    Approve,
    BreakFeed,
    Donate,
    OpenWithPermit,
    SetOperatorWithSig,
    SetPrice,
    TransferShares,
    TransferSharesFrom,
    VaultAction,
)

Method: TypeAlias = Callable[..., object]
Handler: TypeAlias = Callable[[Market, Any], object]

OTHERWISE: Final = (Approve, BreakFeed, Donate, SetPrice, TransferShares, TransferSharesFrom)
SIGNED: Final = (OpenWithPermit, SetOperatorWithSig)


def carry_out(market: Market, action: Action) -> object:
    """Return what the method of an action returns; raises its Refusal."""
    return HANDLERS[type(action)](market, action)


def _method(kind: type[VaultAction]) -> Method:
    """Return the method of the model that is named as the function on chain."""
    snake = re.sub(r"(?=[A-Z])", "_", kind.function).lower()
    method: Method = getattr({VAULT: Vault, POOL: LiquidityPool}[kind.contract], snake)
    return method


def _plain_call(kind: type[VaultAction]) -> Handler:
    """Return a call of the method by all fields of the action."""
    get, method = _getter(kind), _method(kind)
    if kind.contract == POOL:
        return lambda market, action: method(market.pool, *get(action))
    return lambda market, action: method(market.vault, *get(action))


def _getter(kind: type[Action]) -> Callable[[Action], tuple[Any, ...]]:
    """Return what gives an action's fields, in their order."""
    names = [field.name for field in fields(kind)]
    if len(names) == 1:
        return lambda action: (action.account,)
    return attrgetter(*names)


def _signed_call(kind: type[VaultAction]) -> Handler:
    """Return a call that names the signer only of a flawless signature."""
    *names, _, _ = [field.name for field in fields(kind)]
    method = _method(kind)

    def call(market: Market, action: Any) -> object:
        signer = action.signer if action.flaw is Flaw.NONE else None
        return method(market.vault, *[getattr(action, name) for name in names], signer)

    return call


def _transfer_shares(market: Market, action: TransferShares) -> bool:
    market.pool.transfer(action.account, action.to, action.shares)
    return True  # as ERC-20 has it


def _transfer_shares_from(market: Market, action: TransferSharesFrom) -> bool:
    market.pool.transfer_from(action.account, action.owner, action.receiver, action.shares)
    return True


def _approve(market: Market, action: Approve) -> bool:
    token = {TOKEN: market.token, POOL: market.pool}[action.token]
    token.approve(action.account, action.spender, action.amount)
    return True


def _donate(market: Market, action: Donate) -> bool:
    market.token.transfer(action.account, action.to, action.assets)
    return True


def _set_price(market: Market, action: SetPrice) -> None:
    market.feed.set(action.answer, max(0, market.clock.timestamp - action.age))


def _break_feed(market: Market, action: BreakFeed) -> None:
    market.feed.broken = action.broken


HANDLERS: Final[dict[type[Action], Handler]] = {
    **{kind: _plain_call(kind) for kind in ACTIONS if kind not in (*OTHERWISE, *SIGNED)},
    **{kind: _signed_call(kind) for kind in SIGNED},
    TransferShares: _transfer_shares,
    TransferSharesFrom: _transfer_shares_from,
    Approve: _approve,
    Donate: _donate,
    SetPrice: _set_price,
    BreakFeed: _break_feed,
}

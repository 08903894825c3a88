"""How each action is carried out on the model's market."""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, TypeAlias

from isolated_margin.market import Market
from isolated_margin.pool import LiquidityPool
from isolated_margin.vault import Vault

from ringfence.types import actions
from ringfence.types.actions import (
    Action,
    Approve,
    BreakFeed,
    Donate,
    Flaw,
    SetPrice,
    TransferShares,
    TransferSharesFrom,
)
from ringfence.types.roles import POOL, TOKEN

Method: TypeAlias = Callable[..., object]
Handler: TypeAlias = Callable[[Market, Any], object]

OF_THE_VAULT: Final[dict[type[Action], Method]] = {
    actions.Open: Vault.open,
    actions.Increase: Vault.increase,
    actions.Decrease: Vault.decrease,
    actions.Close: Vault.close,
    actions.AddMargin: Vault.add_margin,
    actions.RemoveMargin: Vault.remove_margin,
    actions.Claim: Vault.claim,
    actions.CollectOwed: Vault.collect_owed,
    actions.SetOperator: Vault.set_operator,
    actions.Liquidate: Vault.liquidate,
    actions.Deleverage: Vault.deleverage,
    actions.FundInsurance: Vault.fund_insurance,
    actions.Pause: Vault.pause,
    actions.Unpause: Vault.unpause,
    actions.SetGuardian: Vault.set_guardian,
    actions.TransferOwnership: Vault.transfer_ownership,
    actions.AcceptOwnership: Vault.accept_ownership,
    actions.RenounceOwnership: Vault.renounce_ownership,
    actions.Lock: Vault.lock,
    actions.Unlock: Vault.unlock,
}
SIGNED: Final[dict[type[Action], Method]] = {
    actions.SetOperatorWithSig: Vault.set_operator_with_sig,
    actions.OpenWithPermit: Vault.open_with_permit,
}
OF_THE_POOL: Final[dict[type[Action], Method]] = {
    actions.Deposit: LiquidityPool.deposit,
    actions.Mint: LiquidityPool.mint,
    actions.Withdraw: LiquidityPool.withdraw,
    actions.Redeem: LiquidityPool.redeem,
    actions.Pay: LiquidityPool.pay,
}


def carry_out(market: Market, action: Action) -> object:
    """Return what the method of an action returns; raises its Refusal."""
    return HANDLERS[type(action)](market, action)


def _vault_call(kind: type[Action], method: Method) -> Handler:
    get = _getter(kind)
    return lambda market, action: method(market.vault, *get(action))


def _pool_call(kind: type[Action], method: Method) -> Handler:
    get = _getter(kind)
    return lambda market, action: method(market.pool, *get(action))


def _getter(kind: type[Action]) -> Callable[[Action], tuple[Any, ...]]:
    """Return what gives an action's fields, in their order."""
    names = [field.name for field in fields(kind)]
    if len(names) == 1:
        return lambda action: (action.account,)
    return attrgetter(*names)


def _signed_call(kind: type[Action], method: Method) -> Handler:
    """Return a call that names the signer only of a flawless signature."""
    *names, _, _ = [field.name for field in fields(kind)]

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
    **{kind: _vault_call(kind, method) for kind, method in OF_THE_VAULT.items()},
    **{kind: _pool_call(kind, method) for kind, method in OF_THE_POOL.items()},
    **{kind: _signed_call(kind, method) for kind, method in SIGNED.items()},
    TransferShares: _transfer_shares,
    TransferSharesFrom: _transfer_shares_from,
    Approve: _approve,
    Donate: _donate,
    SetPrice: _set_price,
    BreakFeed: _break_feed,
}

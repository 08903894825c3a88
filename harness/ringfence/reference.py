"""The model behind the seam that vaults are tested through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from isolated_margin.errors import Refusal
from isolated_margin.market import Market
from isolated_margin.vault_state import Ledger

from ringfence import actions
from ringfence.actions import Action, Approve, BreakFeed, Donate, Flaw, SetPrice, Step, TransferShares
from ringfence.markets import INFINITE, MarketSetup
from ringfence.model_values import event_of, names_of, plain, position_state
from ringfence.outcome import Done, Outcome, Refused
from ringfence.roles import GUARDIAN, OWNER, POOL, TOKEN, VAULT
from ringfence.state import AccountRows, VaultState

Handler: TypeAlias = Callable[[Any], object]

VAULT_METHODS: Final[dict[type[Action], str]] = {
    actions.Open: "open",
    actions.Increase: "increase",
    actions.Decrease: "decrease",
    actions.Close: "close",
    actions.AddMargin: "add_margin",
    actions.RemoveMargin: "remove_margin",
    actions.Claim: "claim",
    actions.CollectOwed: "collect_owed",
    actions.SetOperator: "set_operator",
    actions.Liquidate: "liquidate",
    actions.Deleverage: "deleverage",
    actions.FundInsurance: "fund_insurance",
    actions.Pause: "pause",
    actions.Unpause: "unpause",
    actions.SetGuardian: "set_guardian",
    actions.TransferOwnership: "transfer_ownership",
    actions.AcceptOwnership: "accept_ownership",
    actions.RenounceOwnership: "renounce_ownership",
}
POOL_METHODS: Final[dict[type[Action], str]] = {
    actions.Deposit: "deposit",
    actions.Mint: "mint",
    actions.Withdraw: "withdraw",
    actions.Redeem: "redeem",
}
SIGNED: Final[dict[type[Action], str]] = {
    actions.SetOperatorWithSig: "set_operator_with_sig",
    actions.OpenWithPermit: "open_with_permit",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A copy of the market."""

    market: Market


class ReferenceVault:
    """The model's market. ``market`` is replaced when it goes back to an earlier state."""

    def __init__(self, setup: MarketSetup, *, deployed_at: int, ready_at: int) -> None:
        """Deploy the model's vault at one time and fund the accounts by another, in seconds."""
        self.market = Market(
            setup.parameters,
            collateral_decimals=setup.collateral_decimals,
            feed_decimals=setup.feed_decimals,
            owner=OWNER,
            guardian=GUARDIAN,
            deployed_at=deployed_at,
        )
        for account in setup.funded:
            self.market.token.mint(account, setup.tokens)
            for spender in (VAULT, POOL):
                self.market.token.approve(account, spender, INFINITE)
        self.market.clock.advance(ready_at - deployed_at)
        self.market.drain_log()
        self._names = setup.accounts
        self._accounts = AccountRows(self._names)
        self._bind()

    def apply(self, step: Step) -> Outcome:
        """Carry out the step's action at its time, or say why the rules refuse it."""
        self.market.clock.advance(step.seconds)
        try:
            value = self._handlers[type(step.action)](step.action)
        except Refusal as refusal:
            return Refused(refusal.name, refusal.args)
        return Done(plain(value), tuple([event_of(*entry) for entry in self.market.drain_log()]))

    def observe(self) -> VaultState:
        """Return the whole state."""
        vault, token, pool = self.market.vault, self.market.token, self.market.pool
        totals = dict(zip(names_of(Ledger), plain(vault.ledger()), strict=True))
        totals["vault_tokens"] = token.balance_of(VAULT)
        totals["pool_tokens"] = token.balance_of(POOL)
        totals["pool_shares"] = pool.total_supply
        return VaultState(
            positions={number: position_state(held) for number, held in vault.positions.items()},
            totals=totals,
            accounts=self._accounts.of(
                [token.balance_of(role) for role in self._names],
                [vault.claimable(role) for role in self._names],
                [vault.owed(role) for role in self._names],
                [pool.balance_of(role) for role in self._names],
                [vault.nonces(role) for role in self._names],
            ),
            officers={
                "owner": vault.owner,
                "pending_owner": vault.pending_owner,
                "guardian": vault.guardian,
            },
            operators=vault.operator_pairs(),
        )

    def snapshot(self) -> Mark:
        """Return a copy of the present state."""
        return Mark(self.market.copy())

    def restore(self, mark: object) -> None:
        """Go back to ``mark``, as often as wanted."""
        assert isinstance(mark, Mark)
        self.market = mark.market.copy()
        self._bind()

    def _bind(self) -> None:
        """Connect every action with a method of the present market."""
        vault, pool = self.market.vault, self.market.pool
        self._handlers: dict[type[Action], Handler] = {
            **{kind: _spread(kind, getattr(vault, name)) for kind, name in VAULT_METHODS.items()},
            **{kind: _spread(kind, getattr(pool, name)) for kind, name in POOL_METHODS.items()},
            **{kind: _signed(kind, getattr(vault, name)) for kind, name in SIGNED.items()},
            TransferShares: self._transfer_shares,
            Approve: self._approve,
            Donate: self._donate,
            SetPrice: self._set_price,
            BreakFeed: self._break_feed,
        }

    def _transfer_shares(self, action: TransferShares) -> bool:
        self.market.pool.transfer(action.account, action.to, action.shares)
        return True

    def _approve(self, action: Approve) -> bool:
        token = {TOKEN: self.market.token, POOL: self.market.pool}[action.token]
        token.approve(action.account, action.spender, action.amount)
        return True

    def _donate(self, action: Donate) -> bool:
        self.market.token.transfer(action.account, action.to, action.assets)
        return True

    def _set_price(self, action: SetPrice) -> None:
        self.market.feed.set(action.answer, max(0, self.market.clock.timestamp - action.age))

    def _break_feed(self, action: BreakFeed) -> None:
        self.market.feed.broken = action.broken


def _spread(kind: type[Action], method: Callable[..., object]) -> Handler:
    """Return what calls ``method`` with all of an action's fields."""
    names = names_of(kind)
    return lambda action: method(*[getattr(action, name) for name in names])


def _signed(kind: type[Action], method: Callable[..., object]) -> Handler:
    """Return what calls ``method`` with an action's fields, but only a flawless signature's signer."""
    names = names_of(kind)[:-2]

    def call(action: Any) -> object:
        signer = action.signer if action.flaw is Flaw.NONE else None
        return method(*[getattr(action, name) for name in names], signer)

    return call

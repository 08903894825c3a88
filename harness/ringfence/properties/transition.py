"""One step as the properties see it: what was, what was done, what came of it, what is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ringfence.properties.book import Valuation, ValuedState
from ringfence.types.actions import Action, Step
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import AccountState, VaultState
from ringfence.types.totals import Total

TOKENS: Final = "_tokens"
FUNDS: Final = (Total.LIQUIDITY, Total.POOL_TOKENS, Total.INSURANCE)


@dataclass(eq=False)
class Transition:
    """A step between two observed states. ``moment`` is the step's own."""

    before: VaultState
    step: Step
    outcome: Outcome
    after: VaultState
    moment: Moment
    valuation: Valuation | None

    @property
    def action(self) -> Action:
        """Return what was done, or tried."""
        return self.step.action

    @property
    def done(self) -> bool:
        """Return whether it was carried out."""
        return isinstance(self.outcome, Done)

    @cached_property
    def named(self) -> int | None:
        """Return the position that the action names; for an open, the new one."""
        if self.action.kind is Kind.OPENS:
            fresh = self.after.positions.keys() - self.before.positions.keys()
            return max(fresh, default=None) if self.done else None
        return self.action.position_named

    @property
    def owner(self) -> str:
        """Return the owner of the named position, before the step or, for an open, after it."""
        assert self.named is not None, "the action names no position"
        position = self.before.positions.get(self.named) or self.after.positions[self.named]
        return position.owner

    @property
    def closed(self) -> bool:
        """Return whether the named position is gone with this step."""
        return self.done and self.named in self.before.positions and self.named not in self.after.positions

    @cached_property
    def earlier(self) -> ValuedState | None:
        """Return the state before, valued at the step's own price and time; None without a price."""
        return self.valuation.book(self.before, self.moment) if self.valuation else None

    @cached_property
    def later(self) -> ValuedState | None:
        """Return the state after, valued at the step's own price and time; None without a price."""
        return self.valuation.book(self.after, self.moment) if self.valuation else None

    def gain(self, account: str) -> int:
        """Return what the step added to an account's wallet, in assets."""
        if account not in self.after.accounts:
            return 0
        return self.after.accounts[account].tokens - self.before.accounts[account].tokens


def wealth(account: AccountState) -> int:
    """Return what an account has outside its positions and the pool, in assets."""
    return account.tokens + account.claimable + account.owed


def funds(state: VaultState) -> int:
    """Return what the other side of all positions has, in assets, less what it owes and has lost."""
    held = sum(state.totals.get(fund, 0) for fund in FUNDS)
    owed = sum(account.owed for account in state.accounts.values())
    return held - owed - state.totals.get(Total.BAD_DEBT, 0)


def collaterals(state: VaultState) -> dict[str, int]:
    """Return the vault's balances of further collaterals: by an amount's name the total ``<name>_tokens``."""
    held = {total.removesuffix(TOKENS): balance for total, balance in state.totals.items()}
    named = {name for account in state.accounts.values() for name in account.amounts}
    return {name: held[name] for name in sorted(named) if f"{name}{TOKENS}" in state.totals}

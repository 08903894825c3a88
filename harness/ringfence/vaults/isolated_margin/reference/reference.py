"""The model behind the seam that vaults are tested through."""

from dataclasses import dataclass
from typing import Any, Final

from isolated_margin import views
from isolated_margin.errors import Refusal
from isolated_margin.ledger import Ledger
from isolated_margin.market import Market

from ringfence.evm.signing import Flaw
from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import FEED, GUARDIAN, OWNER, POOL, VAULT
from ringfence.types.state import AccountRows, OperatorState, VaultState
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.markets import INFINITE, MarketSetup
from ringfence.vaults.isolated_margin.reference.model_values import (
    event_of,
    names_of,
    plain,
    position_state,
    rounds_of,
)


@dataclass(frozen=True, slots=True)
class ReferenceSnapshot:
    """A copy of the market."""

    market: Market


class ReferenceVault:
    """The model's market. ``market`` is replaced when it goes back to an earlier state."""

    actions: Final = ALPHABET

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

    def apply(self, step: Step) -> Outcome:
        """Carry out the step's action at its time, or say why the rules refuse it."""
        self.market.clock.advance(step.seconds)
        try:
            value = carry_out(self.market, step.action)
        except Refusal as refusal:
            return Refused(refusal.name, refusal.args)
        return Done(plain(value), tuple([event_of(*entry) for entry in self.market.drain_log()]))

    def observe(self) -> VaultState:
        """Return the whole state."""
        vault, token, pool = self.market.vault, self.market.token, self.market.pool
        totals = dict(zip(names_of(Ledger), plain(vault.ledger()), strict=True))
        totals |= rounds_of(vault)
        totals["vault_tokens"] = token.balance_of(VAULT)
        totals["pool_tokens"] = token.balance_of(POOL)
        totals["pool_shares"] = pool.total_supply
        totals["lost_shares"] = pool.balance_of(VAULT) + pool.balance_of(POOL)
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
            operators={pair: OperatorState(*plain(given)) for pair, given in vault.permissions().items()},
        )

    def liquidation_prices(self) -> dict[int, int]:
        """Return the WAD price at which each position becomes liquidatable; none while the feed is dead."""
        vault = self.market.vault
        try:
            prices = {position: views.liquidation_price(vault, position) for position in vault.positions}
        except Refusal:
            return {}
        return {position: price for position, price in prices.items() if price}

    def snapshot(self) -> ReferenceSnapshot:
        """Return a copy of the present state."""
        return ReferenceSnapshot(self.market.copy())

    def restore(self, mark: object) -> None:
        """Go back to ``mark``, as often as wanted."""
        assert isinstance(mark, ReferenceSnapshot)
        self.market = mark.market.copy()


def carry_out(market: Market, action: Any) -> object:
    """Return what the model's method of an action returns; raises its Refusal.

    It takes the account, but for the feed's, then the arguments; of a signature who signed if it has no flaw.
    """
    arguments = action.arguments(market.clock.timestamp)
    if action.is_signed:
        arguments += (action.signer if action.flaw is Flaw.NONE else None,)
    method = getattr(getattr(market, action.callee), action.method_of_model)
    value = method(*arguments) if action.callee == FEED else method(action.account, *arguments)
    return action.returned if value is None else value

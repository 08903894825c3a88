"""Custody: every token is where the ledger says."""

from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.claims import Claims, broken, equal
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done
from ringfence.types.roles import VAULT
from ringfence.types.state import VaultState

FUNDS: Final = ("insurance", "liquidity", "pending")  # beside margins; a vault may hold its own liquidity


@property_("CUS-1", needs={Ability.BALANCES})
def vault_holds_what_it_keeps(t: Transition) -> Claims:
    """The vault's balance is sum(margin) + insurance + sum(claimable), exactly, net of donations."""
    donated = _donated(t)
    moved = t.after.totals["vault_tokens"] - t.before.totals["vault_tokens"]
    booked = _booked(t.after) - _booked(t.before)
    if moved or booked or donated:
        yield equal("what the vault received", moved, booked + donated)


@property_("CUS-2", needs={Ability.BALANCES})
def tokens_are_conserved(t: Transition) -> Claims:
    """Tokens are conserved over all accounts, vault and pool."""
    if t.done:
        yield equal("the sum of all tokens", _tokens(t.after), _tokens(t.before))


@property_("CUS-3", needs={Ability.SUMS})
def sums_are_sums(state: VaultState) -> Claims:
    """longSize, shortSize, quoteSum, carryBasis and totalOwed equal the sums over positions and accounts."""
    sums = _sums(state).items()
    claims = [equal(name, state.totals[name], total) for name, total in sums if name in state.totals]
    yield from claims if state.positions else broken(*claims)


def _donated(t: Transition) -> int:
    """Return what somebody had sent to the vault's address outside of its functions."""
    if not isinstance(t.outcome, Done):
        return 0
    action, value = t.action, t.outcome.value
    receiver = action.account_named or (VAULT if action.kind is Kind.DONATES else action.account)
    if receiver == VAULT and action.kind in (Kind.DONATES, Kind.WITHDRAWS):
        return action.assets_moved
    is_paid_out = action.kind in (Kind.CLAIMS, Kind.REDEEMS) and isinstance(value, int)
    return cast(int, value) if receiver == VAULT and is_paid_out else 0


def _booked(state: VaultState) -> int:
    margins = sum(position.margin for position in state.positions.values())
    funds = sum(state.totals.get(fund, 0) for fund in FUNDS)
    return margins + funds + sum(held.claimable for held in state.accounts.values())


def _tokens(state: VaultState) -> int:
    wallets = sum(account.tokens for account in state.accounts.values())
    return wallets + state.totals["vault_tokens"] + state.totals.get("pool_tokens", 0)


def _sums(state: VaultState) -> dict[str, int]:
    positions = state.positions.values()
    return {
        "long_size": sum(held.size for held in positions if held.size > 0),
        "short_size": sum(-held.size for held in positions if held.size < 0),
        "quote_sum": sum(held.quote for held in positions),
        "carry_basis": sum(abs(held.size) * held.carry_entry for held in positions),
        "total_owed": sum(account.owed for account in state.accounts.values()),
    }

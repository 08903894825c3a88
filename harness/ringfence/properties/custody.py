"""Custody: every token is where the ledger says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.claims import Claims, broken, equal
from ringfence.properties.registry import Check, Property, property_
from ringfence.properties.transition import Transition, collaterals
from ringfence.types.errors import AdapterFault
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done
from ringfence.types.roles import VAULT
from ringfence.types.state import PositionState, VaultState
from ringfence.types.totals import Total

SUMS: Final = "CUS-3"
FUNDS: Final = (Total.INSURANCE, Total.LIQUIDITY, Total.PENDING)  # beside margins


@property_("CUS-1", needs={Ability.BALANCES})
def vault_holds_what_it_keeps(t: Transition) -> Claims:
    """The vault's balance is sum(margin) + insurance + sum(claimable), exactly, net of donations; what a
    market holds and is owed of a token that it lends is what it owes to lenders and keeps.
    """
    donated = _donated(t)
    moved = t.after.totals["vault_tokens"] - t.before.totals["vault_tokens"]
    booked = _booked(t.after) - _booked(t.before)
    if moved or booked or donated:
        yield equal("what the vault received", moved, booked + donated)


@property_("CUS-1", needs={Total.LENT_TOKENS, Total.BORROWED, Total.SUPPLIED})
def market_owes_what_it_lends(t: Transition) -> Claims:
    """What a market holds and is owed of the lent token is what it owes to lenders and keeps."""
    held, owed = _lent(t.after) - _lent(t.before), _of_lenders(t.after) - _of_lenders(t.before)
    if held or owed:
        yield equal("what the market received, lent tokens and debts to it,", held, owed)


@property_("CUS-1", needs={Ability.COLLATERALS})
def vault_holds_further_collaterals(t: Transition) -> Claims:
    """The vault's balance of each further collateral is the sum over its positions, and what funds have."""
    before, after = collaterals(t.before), collaterals(t.after)
    for name, held in after.items():
        moved, booked = held - before[name], _booked_of(t.after, name) - _booked_of(t.before, name)
        if moved or booked:
            yield equal(f"what the vault received of {name}", moved, booked)


@property_("CUS-2", needs={Ability.COLLATERALS})
def further_collaterals_are_conserved(t: Transition) -> Claims:
    """Tokens of each further collateral are conserved over all accounts and the vault."""
    for name in collaterals(t.after) if t.done else ():
        yield equal(f"the sum of all {name}", _all_of(t.after, name), _all_of(t.before, name))


@property_("CUS-2", needs={Ability.BALANCES})
def tokens_are_conserved(t: Transition) -> Claims:
    """Tokens are conserved over all accounts, vault and pool."""
    if t.done:
        yield equal("the sum of all tokens", _tokens(t.after), _tokens(t.before))


@property_(SUMS, needs={Ability.SUMS})
def sums_are_sums(state: VaultState) -> Claims:
    """Each side's size, quote, margin and basis, and totalOwed equal the sums over positions and accounts."""
    sums = _sums(state).items()
    claims = [equal(name, state.totals[name], total) for name, total in sums if name in state.totals]
    yield from claims if state.positions else broken(*claims)


def with_sums(found: Property, sums: Mapping[str, Callable[[PositionState], int]]) -> Property:
    """Return CUS-3 with totals that an adapter states as sums over its positions; any other unchanged."""

    def stated_sums_are_sums(state: VaultState) -> Claims:
        claims = [equal(name, *_stated_sum(state, name, part)) for name, part in sums.items()]
        yield from claims if state.positions else broken(*claims)

    if found.id != SUMS or not sums:
        return found
    return replace(found, checks=(*found.checks, Check(stated_sums_are_sums, VaultState)))


def _stated_sum(state: VaultState, name: str, part: Callable[[PositionState], int]) -> tuple[int, int]:
    """Return a total, and the sum of the parts that positions have of it; raises AdapterFault."""
    if name not in state.totals:
        raise AdapterFault(f"sums state {name}, and observe shows no such total.")
    try:
        return state.totals[name], sum(map(part, state.positions.values()))
    except Exception as failure:  # the function is the adapter's
        raise AdapterFault(f"sums of {name}: {type(failure).__name__}: {failure}.") from failure


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


def _booked_of(state: VaultState, name: str) -> int:
    """Return what the vault has written down of a further collateral; ``<name>_funds`` is no position's."""
    held = sum(position.amounts.get(name, 0) for position in state.positions.values())
    return held + state.totals.get(f"{name}_funds", 0)


def _all_of(state: VaultState, name: str) -> int:
    return collaterals(state)[name] + sum(held.amounts.get(name, 0) for held in state.accounts.values())


def _lent(state: VaultState) -> int:
    return state.totals[Total.LENT_TOKENS] + state.totals[Total.BORROWED]


def _of_lenders(state: VaultState) -> int:
    """Return what lenders are owed and the market keeps; what it has booked as bad debt is neither."""
    totals = state.totals
    return totals[Total.SUPPLIED] + totals.get(Total.RESERVE, 0) - totals.get(Total.BAD_DEBT, 0)


def _tokens(state: VaultState) -> int:
    wallets = sum(account.tokens for account in state.accounts.values())
    return wallets + state.totals["vault_tokens"] + state.totals.get("pool_tokens", 0)


def _sums(state: VaultState) -> dict[str, int]:
    positions = state.positions.values()
    longs, shorts = ([held for held in positions if held.size * sign > 0] for sign in (1, -1))
    return {
        Total.LONG_SIZE: sum(held.size for held in longs),
        Total.SHORT_SIZE: -sum(held.size for held in shorts),
        Total.LONG_QUOTE: sum(held.quote for held in longs),
        Total.SHORT_QUOTE: sum(held.quote for held in shorts),
        Total.LONG_MARGIN: sum(held.margin for held in longs),
        Total.SHORT_MARGIN: sum(held.margin for held in shorts),
        Total.LONG_BASIS: sum(held.size * held.carry_entry for held in longs),
        Total.SHORT_BASIS: -sum(held.size * held.carry_entry for held in shorts),
        Total.TOTAL_OWED: sum(account.owed for account in state.accounts.values()),
    }

"""A feed that is dead for good: when its market is settled, and that everybody gets what is theirs then."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, cast

from ringfence.properties.abilities import Ability, AbleVault, Need
from ringfence.properties.book import ValuedState
from ringfence.properties.branch import Branch, Trial
from ringfence.properties.claims import Claims, at_least, at_most, broken, equal, that
from ringfence.properties.lps import OF_LPS
from ringfence.properties.receipt import receipt_of
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, wealth
from ringfence.types.kinds import Kind
from ringfence.types.roles import LIQUIDATORS, OWNER, PROVIDERS, STRANGER
from ringfence.types.state import VaultState
from ringfence.types.totals import Total

FOR_EVER: Final = (Total.SETTLED, Total.CARRY_PRICE, Total.CARRY_LONG, Total.CARRY_SHORT)
OF_THE_POOL: Final = (Total.POOL_TOKENS, Total.POOL_SHARES)
OF_SETTLEMENT: Final[frozenset[Need]] = frozenset(
    {Kind.SETTLES, Ability.SETTLEMENT, Ability.VALUATION, Total.SETTLED}
)


@property_("SET-1", needs={*OF_SETTLEMENT, Total.LAST_ACCRUAL, Total.DEAD_SINCE})
def only_a_dead_feed_settles(t: Transition) -> Claims:
    """No settlement while the feed has a price, or within settleAfter of the last price the vault used, of a
    report, or of the newest usable answer that can be read at the settlement; a settled market's price,
    indices and results never change again.
    """
    had, has = t.before.totals, t.after.totals
    if had[Total.SETTLED]:
        changed = [
            equal(f"{name} of a settled market", has[name], had[name]) for name in FOR_EVER if name in had
        ]
        yield from changed if t.done else broken(*changed)
    elif has[Total.SETTLED]:
        after, now = cast(AbleVault, t.valuation).settle_after, t.moment.timestamp
        yield that(t.earlier is None, "the market was settled while its feed had a price")
        yield that(had[Total.DEAD_SINCE] > 0, "the market was settled without a report of its feed")
        since = [had[Total.LAST_ACCRUAL], had[Total.DEAD_SINCE]]
        if since[0] <= t.moment.updated_at <= now and _was_usable(t):
            since.append(t.moment.updated_at)
        yield at_least("the seconds from the newest price to the settlement", now - max(since), after)


@property_("SET-1", needs={Total.DEAD_SINCE, *OF_THE_POOL})
def nobody_comes_or_goes_while_a_clock_runs(t: Transition) -> Claims:
    """While the clock of a dead feed runs no liquidity comes or goes: that would use a price, and stop no
    clock.
    """
    if t.action.kind in OF_LPS and t.before.totals[Total.DEAD_SINCE]:
        stands = all(t.before.totals[each] == t.after.totals[each] for each in OF_THE_POOL)
        yield that(stands, f"{t.action.name} used a price, and the clock of the dead feed runs on")


def _was_usable(t: Transition) -> bool:
    """Return whether the feed's answer was a price at the time that it is of."""
    then = replace(t.moment, timestamp=t.moment.updated_at)
    return t.valuation is not None and t.valuation.book(t.before, then) is not None


@property_("SET-2", needs={Total.SETTLED, Total.INSURANCE, Total.TOTAL_OWED, Total.POOL_TOKENS})
def insurance_pays_what_is_owed_alone(t: Transition) -> Claims:
    """Nobody gains insurance by providing liquidity before a settlement: beside cover for a deficit, it
    pays what the pool owes and has not.
    """
    if not (t.done and t.after.totals[Total.SETTLED]):
        return
    receipt = receipt_of(t)
    left = t.after.totals[Total.INSURANCE] + (receipt.covered if receipt else 0)
    if left < t.before.totals[Total.INSURANCE]:
        spare = t.after.totals[Total.POOL_TOKENS] - t.after.totals[Total.TOTAL_OWED]
        yield at_most("what the pool has beyond what it owes, by insurance", spare, 0)
    else:
        yield None


@property_("EXI-3", needs={*OF_SETTLEMENT, Ability.SAME_BLOCK, Kind.BREAKS_FEED, Kind.LIQUIDATES})
def a_silent_market_can_be_left(branch: Branch) -> Claims:
    """From every state: a feed that stays silent can be settled after settleAfter; then anybody can close
    everything, each owner gets exactly max(0, equity) as wallet, claimable or owed, by any callers in
    any order; then the vault holds insurance and what is claimable, nothing else (no insurance, while
    anything is owed that the pool has not) and providers leave with all that is not owed, not before.
    """
    for by_owners in (False, True):
        with branch.trial() as trial:
            state = _settle(branch, trial)
            yield that(bool(state.totals[Total.SETTLED]), f"not settled: {branch.outcomes[-1]}")
            book = trial.book_of(state)
            if state.totals[Total.SETTLED] and book:
                yield from broken(*_nobody_leaves_first(branch, trial, state))
                yield from _all_close(branch, trial, book, by_owners=by_owners)
                yield from broken(*_nothing_is_left(branch, trial, state))


def _settle(branch: Branch, trial: Trial) -> VaultState:
    """Return the state once its feed has been silent for long enough, and somebody has said so."""
    settles = branch.actions.make(Kind.SETTLES, STRANGER)
    trial.apply(branch.actions.make(Kind.BREAKS_FEED, OWNER, flag=True))
    for seconds in (1, cast(AbleVault, branch.valuation).settle_after):  # shares minted just now are locked
        if not trial.observe().totals[Total.SETTLED]:
            trial.apply(settles, seconds)
    return trial.observe()


def _nobody_leaves_first(branch: Branch, trial: Trial, state: VaultState) -> Claims:
    """Claim that no provider leaves a settled market while a position is left."""
    for provider in _providers(branch, state) if state.positions else ():
        shares = state.accounts[provider].shares // 2
        leaves = branch.actions.make(Kind.REDEEMS, provider, to=provider, shares=shares)
        is_let_go = shares and trial.does(leaves)
        yield that(not is_let_go, f"{provider} left before position {min(state.positions)}")


def _all_close(branch: Branch, trial: Trial, book: ValuedState, *, by_owners: bool) -> Claims:
    """Close every position, the newest first by their owners, who leave insolvent ones to liquidators."""
    equities = {position: book.equity(position) for position in trial.observe().positions}
    for position in sorted(equities, reverse=by_owners):
        before = trial.observe()
        held, worth = before.positions[position], max(0, equities[position])
        closes = by_owners and equities[position] >= 0 and branch.actions.makes(Kind.CLOSES)
        make = branch.actions.make
        action = make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position)
        if closes:
            action = make(Kind.CLOSES, held.owner, buys=held.size < 0, position=position)
        outcome, after = trial.apply(action), trial.observe()
        yield that(position not in after.positions, f"{action} of a settled market ends in {outcome}")
        if held.owner in after.accounts:
            gained = wealth(after.accounts[held.owner]) - wealth(before.accounts[held.owner])
            yield equal(f"what {held.owner} got of position {position}", gained, worth)


def _nothing_is_left(branch: Branch, trial: Trial, before: VaultState) -> Claims:
    """Claim that vault and pool keep nothing that is anyone's."""
    state = trial.observe()
    if state.positions:
        return
    if Total.VAULT_TOKENS in state.totals:
        yield equal("what the vault holds beside claims and insurance", _unclaimed(state), _unclaimed(before))
    if Total.POOL_TOKENS in state.totals and Total.TOTAL_OWED in state.totals:
        owing = state.totals[Total.TOTAL_OWED] - state.totals[Total.POOL_TOKENS]
        insurance = state.totals.get(Total.INSURANCE, 0)
        yield that(owing <= 0 or not insurance, f"{insurance} of insurance are left, and {owing} owed")
    for provider in _providers(branch, state):
        yield from _leaves(branch, trial, provider)


def _leaves(branch: Branch, trial: Trial, provider: str) -> Claims:
    """Claim that a provider redeems all its shares, but for those that are worth less than one asset."""
    state, make = trial.observe(), branch.actions.make
    free = state.totals[Total.POOL_TOKENS] - state.totals.get(Total.TOTAL_OWED, 0)
    shares, dust = state.accounts[provider].shares, state.totals[Total.POOL_SHARES] // max(1, free) + 1
    if free > 0 and shares > dust:
        parts = (make(Kind.REDEEMS, provider, to=provider, shares=part) for part in (shares, shares - dust))
        yield that(any(map(trial.does, parts)), f"{provider} can't leave a settled market with {shares}")


def _providers(branch: Branch, state: VaultState) -> Iterable[str]:
    """Return who may have shares of a pool, where the vault has one that can be left."""
    has_pool = Total.POOL_TOKENS in state.totals and Total.POOL_SHARES in state.totals
    can_leave = has_pool and branch.actions.makes(Kind.REDEEMS)
    return [role for role in PROVIDERS if role in state.accounts and can_leave]


def _unclaimed(state: VaultState) -> int:
    """Return what the vault holds beside margins, claims and insurance."""
    margins = sum(held.margin for held in state.positions.values())
    claims = sum(account.claimable for account in state.accounts.values())
    return state.totals[Total.VAULT_TOKENS] - margins - claims - state.totals.get(Total.INSURANCE, 0)

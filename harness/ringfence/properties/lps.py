"""Who provides: a pool's shares are worth what ERC-4626 says, and nobody takes it from another."""

from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import DebtBook, RulesBook
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, at_most, equal, that
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.properties.worth import VIRTUAL_SHARES, shares_worth
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done
from ringfence.types.roles import POOL, PROVIDERS, TRADERS
from ringfence.types.state import VaultState
from ringfence.types.totals import Total

OF_LPS: Final = frozenset({Kind.PROVIDES, Kind.PROVIDES_SHARES, Kind.WITHDRAWS, Kind.REDEEMS})
PPM: Final = 10**6
GIFT: Final = 1000  # times what the victim brings


@property_("LPS-1", needs={Ability.POOL_SHARES})
def shares_and_assets_move_as_one(t: Transition) -> Claims:
    """ERC-4626's own properties, with limits and fee; a donation or a first deposit can't steal from a later
    depositor; who leaves gives up shares; lenders lose bad debt alone.
    """
    if not isinstance(t.outcome, Done):
        return
    action, value = t.action, cast(int, t.outcome.value)
    receiver: str = action.account_named or action.account
    owner: str = getattr(action, "owner", action.account)
    match action.kind:
        case Kind.PROVIDES:
            yield at_least("the shares minted", value, getattr(action, "min_shares", 0))
            yield from _moved(t, action.account, -action.assets_moved, receiver, value)
        case Kind.PROVIDES_SHARES:
            yield at_most("the assets taken", value, getattr(action, "max_assets", value))
            yield from _moved(t, action.account, -value, receiver, action.shares_moved)
        case Kind.WITHDRAWS:
            yield at_most("the shares burned", value, getattr(action, "max_shares", value))
            yield from _moved(t, receiver, action.assets_moved, owner, -value)
        case Kind.REDEEMS:
            yield at_least("the assets paid", value, getattr(action, "min_assets", 0))
            yield from _moved(t, receiver, value, owner, -action.shares_moved)


def _moved(t: Transition, payee: str, assets: int, holder: str, shares: int) -> Claims:
    if payee not in t.after.accounts or holder not in t.after.accounts:
        return
    held = t.after.accounts[holder].shares - t.before.accounts[holder].shares
    pooled = t.after.totals["pool_tokens"] - t.before.totals["pool_tokens"]
    yield equal(f"what {payee} received", t.gain(payee), assets)
    yield equal(f"the shares of {holder} that were added", held, shares)
    yield equal("what the pool received", pooled, -assets)


@property_("LPS-1", needs={Total.POOL_SHARES, Kind.REDEEMS})
def redeeming_burns_shares(t: Transition) -> Claims:
    """Who gives back shares has as many less, and so has the pool: none can leave twice."""
    if t.done and t.action.kind is Kind.REDEEMS:
        yield from _burned(t, t.action.shares_moved)


@property_("LPS-1", needs={Total.POOL_SHARES, Kind.WITHDRAWS})
def withdrawing_burns_shares(t: Transition) -> Claims:
    """Who takes out assets has fewer shares, and the pool as many less: none can leave twice."""
    if t.done and t.action.kind is Kind.WITHDRAWS and t.action.assets_moved:
        burned = t.before.totals[Total.POOL_SHARES] - t.after.totals[Total.POOL_SHARES]
        yield at_least("the shares that the pool burned", burned, 1)
        yield from _burned(t, burned)


def _burned(t: Transition, shares: int) -> Claims:
    holder: str = getattr(t.action, "owner", t.action.account)
    if holder in t.after.accounts:
        held = t.before.accounts[holder].shares - t.after.accounts[holder].shares
        yield equal(f"what {holder} lost of its shares", held, shares)
    burned = t.before.totals[Total.POOL_SHARES] - t.after.totals[Total.POOL_SHARES]
    yield equal("the shares that the pool burned", burned, shares)


@property_("LPS-1", needs={Total.SUPPLIED, Total.SUPPLY_SHARES})
def shares_of_the_supply_keep_their_worth(t: Transition) -> Claims:
    """What lenders' shares are worth falls by a liquidation alone, or by bad debt that was booked before.

    One share and one unit of assets may be virtual: an account that enters or leaves shares with them.
    """
    had, has = t.before.totals, t.after.totals
    if t.done and t.action.kind is not Kind.LIQUIDATES and had[Total.SUPPLY_SHARES]:
        of_both = (Total.SUPPLY_SHARES, Total.SUPPLIED)
        rounding = sum(max(had[each], has[each]) for each in of_both)
        written_off = max(0, had.get(Total.BAD_DEBT, 0) - has.get(Total.BAD_DEBT, 0))
        least = (had[Total.SUPPLIED] - written_off) * has[Total.SUPPLY_SHARES] - rounding
        worth = has[Total.SUPPLIED] * had[Total.SUPPLY_SHARES]
        yield at_least("the supply after times the shares before", worth, least)


@property_(
    "LPS-1", needs={Ability.VALUATION, Ability.DEBT, Kind.LIQUIDATES, Total.SUPPLIED, Total.LENT_TOKENS}
)
def lenders_lose_bad_debt_alone(t: Transition) -> Claims:
    """A liquidation takes no more off what lenders are owed than the debt that nobody has paid."""
    if t.done and t.action.kind is Kind.LIQUIDATES and t.named in t.before.positions and t.earlier:
        had, has = t.before.totals, t.after.totals
        paid = has[Total.LENT_TOKENS] - had[Total.LENT_TOKENS]
        debt = cast(DebtBook, t.earlier).debt(t.named)
        left = cast(DebtBook, t.later).debt(t.named) if t.later and t.named in t.after.positions else 0
        yield at_most(
            "what lenders lost", had[Total.SUPPLIED] - has[Total.SUPPLIED], max(0, debt - left - paid)
        )


@property_("LPS-1", needs={Ability.POOL_SHARES, Ability.RULES})
def nobody_dilutes_the_others(t: Transition) -> Claims:
    """What a share is worth never falls because somebody enters or leaves."""
    if not (t.done and t.action.kind in OF_LPS and t.earlier and t.later):
        return
    earlier, later = cast(RulesBook, t.earlier), cast(RulesBook, t.later)
    had, has = _supply(t.before), _supply(t.after)
    before, after = nav(earlier), nav(later)
    yield at_least("assets times shares", (after + 1) * had, (before + 1) * has)


@property_(
    "LPS-1",
    needs={Ability.POOL_SHARES, Ability.RULES, Ability.SAME_BLOCK, Kind.REDEEMS},
    after={Kind.MOVES_PRICE, Kind.OPENS},
)
def who_leaves_takes_nothing_of_the_others(branch: Branch) -> Claims:
    """What a share is worth does not fall when a provider redeems a few of its own."""
    if branch.book is None:
        return
    before, had = nav(cast(RulesBook, branch.book)), _supply(branch.state)
    for provider in PROVIDERS:
        shares = branch.state.accounts[provider].shares // GIFT
        with branch.trial() as trial:
            if trial.does(branch.actions.make(Kind.REDEEMS, provider, to=provider, shares=shares)):
                after, has = nav(cast(RulesBook, trial.book())), _supply(trial.observe())
                yield at_least("assets times shares after redeeming", (after + 1) * had, (before + 1) * has)


@property_(
    "LPS-1",
    needs={
        Ability.POOL_SHARES,
        Ability.RULES,
        Ability.SAME_BLOCK,
        Kind.PROVIDES,
        Kind.MOVES_SHARES,
        Kind.REDEEMS,
    },
    after={Kind.PROVIDES, Kind.MOVES_SHARES},
)
def fresh_shares_stay(branch: Branch) -> Claims:
    """Shares are not redeemed in the second of their mint, passed on or not, or passed back."""
    make, taker = branch.actions.make, PROVIDERS[0]
    for giver in PROVIDERS:
        had = branch.state.accounts[giver].shares
        brought = branch.state.accounts[giver].tokens // GIFT
        with branch.trial() as trial:
            trial.apply(make(Kind.PROVIDES, giver, assets=brought, to=giver))
            has = trial.observe().accounts[giver].shares
            if has > had and trial.does(make(Kind.MOVES_SHARES, giver, to=taker, shares=has)):
                redeemed = make(Kind.REDEEMS, taker, to=taker, shares=trial.observe().accounts[taker].shares)
                yield that(not trial.does(redeemed), f"{taker} redeemed {has - had} shares just minted")


@property_("LPS-1", needs={Ability.POOL_SHARES, Ability.RULES})
def coming_and_going_costs_the_fee(t: Transition) -> Claims:
    """Who enters pays the fee, and who leaves: coming and going back at one price never profits."""
    if not (t.done and t.action.kind in OF_LPS and t.earlier):
        return
    book, supply = cast(RulesBook, t.earlier), _supply(t.before)
    left_ppm = PPM - book.liquidity_fee_ppm
    brought, minted = (
        t.after.totals[each] - t.before.totals[each] for each in ("pool_tokens", "pool_shares")
    )
    if t.action.kind in (Kind.PROVIDES, Kind.PROVIDES_SHARES):
        most = brought * left_ppm * supply
        yield at_most("shares minted, times assets", minted * (nav(book) + 1) * PPM, most)
    else:
        most = -minted * (nav(book) + 1) * left_ppm
        yield at_most("assets paid, times shares", -brought * supply * PPM, most)


@property_(
    "LPS-1",
    needs={Ability.POOL_SHARES, Ability.RULES, Ability.SAME_BLOCK, Kind.PROVIDES, Kind.DONATES},
    at_origin=True,
)
def first_depositor_steals_nothing(branch: Branch) -> Claims:
    """A first deposit and a donation can't take from the next depositor more than one share's worth."""
    if branch.state.totals["pool_shares"]:
        return
    thief, victim = TRADERS[0], PROVIDERS[0]
    brought = branch.state.accounts[thief].tokens // (2 * GIFT)
    make = branch.actions.make
    first = make(Kind.PROVIDES, thief, assets=1, to=thief)
    gift = make(Kind.DONATES, thief, assets=GIFT * brought, to=POOL)
    second = make(Kind.PROVIDES, victim, assets=brought, to=victim)
    with branch.trial() as trial:
        if all(trial.does(action) for action in (first, gift, second)):
            state, book = trial.observe(), cast(RulesBook | None, trial.book())
            if book:
                left = brought * (PPM - book.liquidity_fee_ppm) // PPM
                share = (nav(book) + 1) // VIRTUAL_SHARES + 1
                yield at_least(
                    f"what {victim} owns of {brought}", _worth(state, book, victim), left - share - 1
                )


def nav(book: RulesBook) -> int:
    """Return what a pool's shares are worth together, in assets."""
    return max(0, book.fair_value())


def _worth(state: VaultState, book: RulesBook, role: str) -> int:
    return shares_worth(nav(book), state, state.accounts[role])


def _supply(state: VaultState) -> int:
    return state.totals["pool_shares"] + VIRTUAL_SHARES

"""The liquidity providers: a pool's shares are worth what ERC-4626 says, and nobody takes it from another."""

from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import RulesBook
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, equal
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done
from ringfence.types.roles import POOL, PROVIDERS, TRADERS
from ringfence.types.state import VaultState

VIRTUAL_SHARES: Final = 10**6  # OpenZeppelin's, for an offset of 6 decimals; beside one virtual asset
OF_LPS: Final = frozenset({Kind.PROVIDES, Kind.PROVIDES_SHARES, Kind.WITHDRAWS, Kind.REDEEMS})
GIFT: Final = 1000  # times what the victim brings


@property_("LPS-1", needs={Ability.POOL_SHARES})
def shares_and_assets_move_as_one(t: Transition) -> Claims:
    """ERC-4626's own properties; a donation or a first deposit can't steal from a later depositor."""
    if not isinstance(t.outcome, Done):
        return
    action, value = t.action, cast(int, t.outcome.value)
    receiver: str = action.account_named or action.account
    owner: str = getattr(action, "owner", action.account)
    match action.kind:
        case Kind.PROVIDES:
            yield from _moved(t, action.account, -action.assets_moved, receiver, value)
        case Kind.PROVIDES_SHARES:
            yield from _moved(t, action.account, -value, receiver, action.shares_moved)
        case Kind.WITHDRAWS:
            yield from _moved(t, receiver, action.assets_moved, owner, -value)
        case Kind.REDEEMS:
            yield from _moved(t, receiver, value, owner, -action.shares_moved)


def _moved(t: Transition, payee: str, assets: int, holder: str, shares: int) -> Claims:
    if payee not in t.after.accounts or holder not in t.after.accounts:
        return
    held = t.after.accounts[holder].shares - t.before.accounts[holder].shares
    pooled = t.after.totals["pool_tokens"] - t.before.totals["pool_tokens"]
    yield equal(f"what {payee} received", t.gain(payee), assets)
    yield equal(f"the shares of {holder} that were added", held, shares)
    yield equal("what the pool received", pooled, -assets)


@property_("LPS-1", needs={Ability.POOL_SHARES, Ability.RULES})
def nobody_dilutes_the_others(t: Transition) -> Claims:
    """What a share is worth never falls because somebody enters or leaves."""
    if not (t.done and t.action.kind in OF_LPS and t.earlier and t.later):
        return
    earlier, later = cast(RulesBook, t.earlier), cast(RulesBook, t.later)
    had, has = _supply(t.before), _supply(t.after)
    for price, before, after in (
        ("leaving", earlier.out_nav(), later.out_nav()),
        ("entering", earlier.in_nav(), later.in_nav()),
    ):
        yield at_least(
            f"assets times shares, at the price of {price},", (after + 1) * had, (before + 1) * has
        )


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
                share = (book.out_nav() + 1) // VIRTUAL_SHARES + 1
                yield at_least(
                    f"what {victim} owns of {brought}", _worth(state, book, victim), brought - share - 1
                )


def _worth(state: VaultState, book: RulesBook, role: str) -> int:
    return state.accounts[role].shares * (book.out_nav() + 1) // _supply(state)


def _supply(state: VaultState) -> int:
    return state.totals["pool_shares"] + VIRTUAL_SHARES

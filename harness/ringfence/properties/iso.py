"""Isolation: nothing that happens to one position touches another's."""

from itertools import product
from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.claims import Claims, at_least, broken, equal, unchanged
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, collaterals, funds, wealth
from ringfence.types.kinds import Kind
from ringfence.types.state import VaultState

PAYS_MARGIN: Final = frozenset({Kind.OPENS, Kind.INCREASES, Kind.ADDS_MARGIN})
LEAVE_POSITIONS: Final = frozenset({Kind.LEAVES_POSITIONS, Kind.ASKS_TO_CLOSE, Kind.MOVES_SHARES})
CAN_LOSE: Final = frozenset({Kind.LIQUIDATES, Kind.DELEVERAGES, Kind.DECREASES, Kind.CLOSES})


@property_("ISO-1")
def others_are_untouched(t: Transition) -> Claims:
    """A transaction changes no field of any position but the one it names."""
    fresh = {t.named} if t.named not in t.before.positions else set()
    yield from broken(
        equal("the new positions", t.after.positions.keys() - t.before.positions.keys() - fresh, set())
    )
    for position, held in t.before.positions.items():
        if position != t.named:
            yield unchanged(f"position {position}", t.after.positions.get(position), held)


@property_("ISO-3", needs={Ability.BALANCES, Kind.LIQUIDATES})
def nobody_else_pays(t: Transition) -> Claims:
    """Liquidating or deleveraging one position takes nothing from any account's wallet, claimable or owed."""
    if not (t.done and t.action.kind in (Kind.LIQUIDATES, Kind.DELEVERAGES)):
        return
    for role, had in t.before.accounts.items():
        has = t.after.accounts[role]
        yield at_least(f"the wallet of {role}", has.tokens, had.tokens)
        yield at_least(f"what {role} can claim", has.claimable, had.claimable)
        yield at_least(f"what {role} is owed", has.owed, had.owed)


@property_("ISO-3", needs={Ability.COLLATERALS, Kind.LIQUIDATES})
def nobody_else_pays_in_another_token(t: Transition) -> Claims:
    """Liquidating or deleveraging takes no further collateral from any account but the one that does it."""
    if t.done and t.action.kind in (Kind.LIQUIDATES, Kind.DELEVERAGES):
        for name, (role, had) in product(collaterals(t.after), t.before.accounts.items()):
            if role != t.action.account:
                has = t.after.accounts[role]
                yield at_least(f"the {name} of {role}", has.amounts.get(name, 0), had.amounts.get(name, 0))


@property_("ISO-4", needs={Ability.VALUATION})
def others_stay_safe(t: Transition) -> Claims:
    """No action on one position makes another liquidatable at the same price and time."""
    is_of_the_feed = t.action.kind in (Kind.MOVES_PRICE, Kind.BREAKS_FEED)
    if not t.done or is_of_the_feed or not (t.earlier and t.later):
        return
    for position in t.before.positions.keys() & t.after.positions.keys() - {t.named}:
        if t.earlier.equity(position) >= t.earlier.maintenance_margin(position):
            required = t.later.maintenance_margin(position)
            yield at_least(f"the equity of position {position}", t.later.equity(position), required)


@property_("ISO-5", needs={Ability.BALANCES})
def loss_is_limited_to_margin(t: Transition) -> Claims:
    """An owner's total loss on a position never exceeds what was put into that position."""
    if not t.done or t.named is None or t.named not in t.before.positions | t.after.positions:
        return
    if t.action.kind in LEAVE_POSITIONS and t.action.account == t.owner:
        return  # what the owner pays is for something else, such as an order
    spent = _put_in(t, t.named) if t.action.kind in PAYS_MARGIN else 0
    least = _elsewhere(t.before, t.owner, t.named) - (spent if t.action.account == t.owner else 0)
    claim = at_least(
        f"what {t.owner} has outside position {t.named}", _elsewhere(t.after, t.owner, t.named), least
    )
    if t.action.kind in CAN_LOSE:
        yield claim
    else:
        yield from broken(claim)


def _put_in(t: Transition, position: int) -> int:
    """Return what the action brings: its assets, or what the margin and, by a fee on top, funds gained."""
    had, has = (state.positions.get(position) for state in (t.before, t.after))
    gained = (has.margin if has else 0) - (had.margin if had else 0)
    fee = max(0, funds(t.after) - funds(t.before))
    return max(t.action.assets_moved, gained + fee)


def _elsewhere(state: VaultState, owner: str, position: int) -> int:
    """Return what an owner has in wallet, claims and other positions, in assets."""
    others = (
        held.margin for other, held in state.positions.items() if other != position and held.owner == owner
    )
    return wealth(state.account(owner)) + sum(others)

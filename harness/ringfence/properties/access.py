"""Access: a trader's position moves by the trader's will, or by the rules."""

from dataclasses import replace
from typing import Any, Final

from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, broken, equal, that, unchanged
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, wealth
from ringfence.types.kinds import Kind
from ringfence.types.state import PERMISSIONS, OperatorState

BY_THE_RULES: Final = frozenset({Kind.LIQUIDATES, Kind.DELEVERAGES, Kind.ADDS_MARGIN, Kind.EXECUTES})
FLAWLESS: Final = "none"
NOBODYS: Final = OperatorState(0, 0)
ROUNDINGS: Final = 3  # assets: of a part's value, of its fee, and of the fee that is left


@property_("ACC-1")
def only_the_owner_moves_a_position(t: Transition) -> Claims:
    """Only the owner, an operator with that permission up to its expiry, or a valid unused signature's
    operator take margin out, change a position's size or give it to another account, liquidation and
    deleveraging apart; after setOperator no earlier signature works.
    """
    if t.action.kind is Kind.OPENS:
        yield from broken(*_opens_for_itself(t))
    elif t.named not in t.before.positions:
        return
    elif t.action.kind not in BY_THE_RULES:
        yield from _moved_by(t, t.named)
        yield from broken(*_stays_whose_it_was(t, t.named))
    elif t.action.kind is Kind.ADDS_MARGIN and t.named in t.after.positions:
        had, has = t.before.positions[t.named], t.after.positions[t.named]
        yield from broken(
            equal(f"the size of position {t.named}", has.size, had.size),
            equal(f"the owner of position {t.named}", has.owner, had.owner),
        )


def _opens_for_itself(t: Transition) -> Claims:
    if t.done and t.named is not None and t.named not in t.before.positions:
        yield equal(f"the owner of position {t.named}", t.owner, t.action.account)


def _stays_whose_it_was(t: Transition, position: int) -> Claims:
    """Claim that a transfer changes the owner alone, to the one that it names, and nothing else does."""
    if t.done and position in t.after.positions:
        had, has = t.before.positions[position], t.after.positions[position]
        is_transfer = t.action.kind is Kind.TRANSFERS
        owner = t.action.account_named if is_transfer else had.owner
        yield equal(f"the owner of position {position}", has.owner, owner)
        if is_transfer:
            yield unchanged(f"position {position}", replace(has, owner=had.owner), had)


def _moved_by(t: Transition, position: int) -> Claims:
    caller = t.action.account
    if caller != t.owner:
        given = t.before.operators.get((t.owner, caller), NOBODYS)
        allowed = given.may(t.action.kind, t.moment.timestamp)
        yield that(allowed or not t.done, f"{caller} moved position {position} of {t.owner}")
        yield from broken(
            that(t.gain(caller) <= 0, f"{caller} was paid {t.gain(caller)} from a position of {t.owner}")
        )


@property_("ACC-2", needs={Ability.OPERATORS, Ability.RULES})
def operators_cost_a_fee(t: Transition) -> Claims:
    """An operator with DECREASE and REMOVE costs an owner's equity at most the trading fee of the size held
    and 3 assets a call, whatever else the operator owns.
    """
    if not t.done or t.named not in t.before.positions or t.action.account == t.owner:
        return
    given = t.before.operators.get((t.owner, t.action.account), NOBODYS)
    is_limited = given.permissions and not given.permissions & PERMISSIONS[Kind.INCREASES]
    if t.action.kind in PERMISSIONS and is_limited and t.earlier and t.later:
        fee = t.earlier.closing_fee(t.named)
        had, has = t.earlier.equity(t.named), 0
        if t.named in t.after.positions:
            fee, has = max(0, fee - t.later.closing_fee(t.named)), t.later.equity(t.named)
        gained = wealth(t.after.accounts[t.owner]) - wealth(t.before.accounts[t.owner])
        yield at_least(f"what {t.owner} is left of {had}", has + gained, had - fee - ROUNDINGS)


@property_("ACC-3", needs={Ability.NAMED_OWNER, Kind.ADDS_MARGIN})
def margin_goes_to_the_owner_named(t: Transition) -> Claims:
    """addMargin never ends in another owner's position than the one named."""
    if t.action.kind is Kind.ADDS_MARGIN and t.named in t.before.positions:
        is_named = t.action.account_named == t.owner
        yield that(is_named or not t.done, f"{t.action} added to position {t.named} of {t.owner}")


@property_("ACC-1", needs={Ability.OPERATORS})
def only_the_owner_names_operators(t: Transition) -> Claims:
    """Only an owner, or an owner's valid unused signature, changes who operates for them, and voids thereby
    what the owner signed before.
    """
    changed = t.before.operators.items() ^ t.after.operators.items()
    for owner, operator in sorted({pair for pair, _ in changed}):
        willed = _willed(t, owner, operator)
        yield that(willed, f"{t.action} changed whether {operator} operates for {owner}")
    if t.action.kind in (Kind.GRANTS, Kind.GRANTS_SIGNED) and t.done:
        action: Any = t.action
        signed_for = action.owner if t.action.kind is Kind.GRANTS_SIGNED else action.account
        used = t.after.accounts[signed_for].nonce - t.before.accounts[signed_for].nonce
        yield equal(f"the nonces that {signed_for} used", used, 1)


def _willed(t: Transition, owner: str, operator: str) -> bool:
    if t.action.kind is Kind.GRANTS:
        return t.action.account == owner and t.action.account_named == operator
    if t.action.kind is not Kind.GRANTS_SIGNED:
        return False
    signed: Any = t.action  # with all that NAMED says
    valid = signed.signer == owner and signed.flaw == FLAWLESS and signed.deadline >= t.moment.timestamp
    unused = signed.nonce == t.before.accounts[owner].nonce
    return bool(valid and unused and signed.owner == owner and signed.operator == operator)


@property_("ACC-1", needs={Ability.OPERATORS, Ability.SAME_BLOCK}, after={Kind.GRANTS_SIGNED})
def a_signature_works_once(branch: Branch) -> Claims:
    """A signature that was used is used up."""
    assert branch.last, "it follows an action"
    with branch.trial() as trial:
        yield that(not trial.does(branch.last), f"{branch.last} was carried out twice")

"""Access: a trader's position moves by the trader's will, or by the rules."""

from ringfence.evm.signing import Flaw
from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, broken, equal, that
from ringfence.properties.registry import holds, probes
from ringfence.properties.transition import Transition
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Deleverage,
    Liquidate,
    Open,
    OpenWithPermit,
    SetOperator,
    SetOperatorWithSig,
)

BY_THE_RULES = (Liquidate, Deleverage, AddMargin)


@holds("ACC-1")
def only_the_owner_moves_a_position(t: Transition) -> Claims:
    """Only the owner, their operators or a valid unused signature move a position's margin or size."""
    if isinstance(t.action, Open | OpenWithPermit):
        yield from broken(*_opens_for_itself(t))
    elif t.named in t.before.positions and not isinstance(t.action, BY_THE_RULES):
        yield from _moved_by(t, t.named)
    elif isinstance(t.action, AddMargin) and t.done and t.named in t.after.positions:
        size = t.before.positions[t.named].size
        yield from broken(equal(f"the size of position {t.named}", t.after.positions[t.named].size, size))


def _opens_for_itself(t: Transition) -> Claims:
    if t.done and t.named is not None and t.named not in t.before.positions:
        yield equal(f"the owner of position {t.named}", t.owner, t.action.account)


def _moved_by(t: Transition, position: int) -> Claims:
    caller = t.action.account
    if caller != t.owner:
        allowed = (t.owner, caller) in t.before.operators
        yield that(allowed or not t.done, f"{caller} moved position {position} of {t.owner}")
        yield from broken(
            that(t.gain(caller) <= 0, f"{caller} was paid {t.gain(caller)} from a position of {t.owner}")
        )


@holds("ACC-1", Ability.OPERATORS)
def only_the_owner_names_operators(t: Transition) -> Claims:
    """Only an owner, or an owner's valid unused signature, changes who operates for them."""
    for owner, operator in t.before.operators ^ t.after.operators:
        willed = _willed(t, owner, operator)
        yield that(willed, f"{t.action} changed whether {operator} operates for {owner}")
    if isinstance(t.action, SetOperatorWithSig) and t.done:
        used = t.after.accounts[t.action.owner].nonce - t.before.accounts[t.action.owner].nonce
        yield equal(f"the nonces that {t.action.owner} used", used, 1)


def _willed(t: Transition, owner: str, operator: str) -> bool:
    match t.action:
        case SetOperator(account, named):
            return account == owner and named == operator
        case SetOperatorWithSig(_, signed_for, named, _, nonce, deadline, signer, flaw):
            valid = signer == signed_for and flaw == Flaw.NONE and deadline >= t.moment.timestamp
            unused = nonce == t.before.accounts[owner].nonce
            return valid and unused and signed_for == owner and named == operator
        case _:
            return False


@probes("ACC-1", Ability.OPERATORS, Ability.SAME_BLOCK, after=(SetOperatorWithSig,))
def a_signature_works_once(branch: Branch) -> Claims:
    """A signature that was used is used up."""
    assert isinstance(branch.last, SetOperatorWithSig)
    with branch.trial() as trial:
        yield that(not trial.does(branch.last), f"{branch.last} was carried out twice")

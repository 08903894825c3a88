"""The way out: what is a trader's can be had, whatever the rest of the market does."""

from collections.abc import Iterator
from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.book import ValuedState
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, that
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Refused
from ringfence.types.roles import OWNER
from ringfence.types.state import VaultState

REALISES: Final = frozenset({Kind.DECREASES, Kind.CLOSES, Kind.EXECUTES})


@property_("EXI-1", needs={Ability.VALUATION})
def closing_pays_what_is_left(t: Transition) -> Claims:
    """With a live price and an acceptable limit, equity >= 0 can always be closed, paused or not, pool empty
    or not, and yields at least min(margin, equity) less the fee.
    """
    if t.action.kind in REALISES and t.closed and t.earlier and t.named is not None:
        yield at_least(f"what {t.owner} was paid", t.gain(t.owner), _least(t.before, t.earlier, t.named))


@property_("EXI-1", needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.CLOSES})
def solvent_positions_can_be_closed(branch: Branch) -> Claims:
    """Every position with equity >= 0 can be closed, now and while paused, and pays what is left of its
    margin.
    """
    book = branch.book
    for position in branch.state.positions if book else ():
        if book and book.equity(position) >= 0:
            yield from _closes(branch, book, position, paused=False)
            yield from _closes(branch, book, position, paused=True)


def _closes(branch: Branch, book: ValuedState, position: int, *, paused: bool) -> Claims:
    owner = branch.state.positions[position].owner
    with branch.trial() as trial:
        if paused and not trial.pauses():
            return
        outcome = trial.apply(branch.closing(position))
        yield that(not isinstance(outcome, Refused), f"position {position} can't be closed: {outcome}")
        if not isinstance(outcome, Refused):
            paid = trial.observe().accounts[owner].tokens - branch.state.accounts[owner].tokens
            yield at_least(f"what {owner} was paid", paid, _least(branch.state, book, position))


def _least(state: VaultState, book: ValuedState, position: int) -> int:
    least = min(state.positions[position].margin, book.equity(position)) - book.closing_fee(position)
    return max(0, least)


@property_("EXI-2", needs={Ability.SAME_BLOCK, Kind.BREAKS_FEED, Kind.ADDS_MARGIN})
def defence_needs_no_price(branch: Branch) -> Claims:
    """addMargin, claim and collectOwed work with a dead feed and while paused."""
    for action in _defences(branch):
        with branch.trial() as trial:
            possible = trial.does(action)
        if possible:
            yield _works_in_the_dark(branch, action)


def _defences(branch: Branch) -> Iterator[Action]:
    """Yield what must work at any time: what adds to positions, and what takes out what is there."""
    actions, accounts = branch.actions, branch.state.accounts
    for position, held in branch.state.positions.items():
        yield actions.make(Kind.ADDS_MARGIN, held.owner, position=position, assets=1)
    if actions.makes(Kind.CLAIMS):
        yield from (
            actions.make(Kind.CLAIMS, role, to=role) for role, has in accounts.items() if has.claimable
        )
    if actions.makes(Kind.COLLECTS):
        yield from (actions.make(Kind.COLLECTS, role, to=role) for role, has in accounts.items() if has.owed)


def _works_in_the_dark(branch: Branch, action: Action) -> str | None:
    with branch.trial() as trial:
        trial.apply(branch.actions.make(Kind.BREAKS_FEED, OWNER, flag=True))
        trial.pauses()
        outcome = trial.apply(action)
    return that(not isinstance(outcome, Refused), f"paused and without a price, {action} ends in {outcome}")

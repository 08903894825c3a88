"""The way out: what is a trader's can be had, whatever the rest of the market does."""

from collections.abc import Generator, Iterator, Mapping
from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.book import ValuedState
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, broken, that
from ringfence.properties.closing import Close, at_once, by_order, is_declared
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Refused
from ringfence.types.roles import OWNER, TRADERS
from ringfence.types.state import VaultState

TOUCHES: Final = frozenset({Kind.INCREASES, Kind.DECREASES, Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN})
HEALTHY: Final = 2  # times its maintenance margin: what is left of a position is healthy too
LARGE: Final = 8  # times the least that can be opened, at the least
REALISES: Final = frozenset({Kind.DECREASES, Kind.CLOSES, Kind.EXECUTES})


@property_("EXI-1", needs={Ability.VALUATION})
def closing_pays_what_is_left(t: Transition) -> Claims:
    """With a live price and an acceptable limit, equity >= 0 can always be closed, paused or not, pool empty
    or not, and yields at least min(margin, equity) less the fee; of all that are closed one after the other
    the last is paid like the first; of a healthy position any part can be closed that is not too small.
    """
    is_close = t.action.kind in REALISES and t.closed and t.named in t.before.reachable
    if is_close and t.earlier and t.named is not None:
        yield at_least(f"what {t.owner} was paid", t.gain(t.owner), _least(t.before, t.earlier, t.named))


@property_("EXI-1", needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.CLOSES})
def solvent_positions_can_be_closed(branch: Branch) -> Claims:
    """Every position with equity >= 0 can be closed, now and while paused, and pays what is left of its
    margin; all of them can be, one after the other.
    """
    yield from _all_can_be_closed(branch, at_once)


@property_("EXI-1", needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.ASKS_TO_CLOSE})
def solvent_positions_can_be_closed_by_orders(branch: Branch) -> Claims:
    """The same where a close is asked for and executed later, of what is solvent when it is executed."""
    if branch.actions.makes(Kind.EXECUTES):
        yield from _all_can_be_closed(branch, by_order)


def _all_can_be_closed(branch: Branch, close: Close) -> Claims:
    book = branch.book
    if book is None:
        return
    solvent = [position for position in branch.state.reachable if book.equity(position) >= 0]
    alone = {}
    for position in solvent:
        alone[position] = yield from _closes(branch, close, position, paused=False)
        yield from _closes(branch, close, position, paused=True)
    for order in (solvent, solvent[::-1]) if len(solvent) > 1 else ():
        yield from _close_in_turn(branch, close, order, alone)


def _closes(
    branch: Branch, close: Close, position: int, *, paused: bool
) -> Generator[str | None, None, int | None]:
    """Claim that a position can be closed; return what its owner gets, None when it is refused.

    Nothing is said where it is insolvent by the time of its execution, or may not be asked for.
    """
    with branch.trial() as trial:
        if paused and not trial.pauses():
            return None
        closed = close(branch, trial, position, branch.state)
        book = closed.book
        is_asked = closed.action.kind is Kind.ASKS_TO_CLOSE
        if book is None or book.equity(position) < 0 or (is_asked and closed.is_declared):
            return None
        yield that(not closed.is_refused, f"position {position} can't be closed: {closed.outcome}")
        if closed.is_refused:
            return None
        owner = branch.state.positions[position].owner
        yield at_least(f"what {owner} was paid", closed.wallet, _least(branch.state, book, position))
        return closed.gain


def _close_in_turn(branch: Branch, close: Close, order: list[int], alone: Mapping[int, int | None]) -> Claims:
    """Claim that each is paid as if it were the first, or what it is worth by then where that is less."""
    with branch.trial() as trial:
        for position in order:
            state, first = trial.observe(), alone[position]
            book = trial.book_of(state)
            if book is None or first is None or book.equity(position) < 0:
                continue
            closed = close(branch, trial, position, state)
            if closed.book and closed.book.equity(position) >= 0 and not closed.is_declared:
                worth = max(0, closed.book.equity(position) - closed.book.closing_fee(position))
                what = f"what closing position {position} after others pays ({closed.outcome})"
                yield at_least(what, closed.gain, min(first, worth))


@property_(
    "EXI-1",
    needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.OPENS, Kind.DECREASES},
    after={*TOUCHES, Kind.OPENS},
)
def any_part_can_be_closed(branch: Branch) -> Claims:
    """A part of a healthy position that was just opened can be closed when an open of an eighth of it is
    accepted, so that neither the part nor the rest is too small, by the price of the opening; another refusal
    is one that its declaration expects, if any.
    """
    is_new = branch.last is not None and branch.last.kind is Kind.OPENS
    position = max(branch.state.positions, default=None) if is_new else _named(branch)
    held = branch.state.reachable.get(position or 0)
    if position is None or held is None or not _is_healthy(branch, position):
        return
    for part in (abs(held.size) // 2, abs(held.size) // 3, 1):
        action = branch.decreasing(position, part)
        if action.refusals is None and not (is_new and part > 1):
            continue  # nothing is said of such a part
        with branch.trial() as trial:
            outcome = trial.apply(action)
        if isinstance(outcome, Refused):
            is_stated = action.refusals is None or is_declared(action, outcome)
            is_small = not is_new or not _is_large(branch, position, part)
            why = f"{part} of position {position} can't be closed: {outcome}"
            yield from broken(that(is_stated and is_small, why))
        else:
            yield None


def _named(branch: Branch) -> int | None:
    return branch.last.position_named if branch.last else None


def _is_healthy(branch: Branch, position: int) -> bool:
    """Return whether a position has margin to spare, so that no part of it is kept for its health."""
    book = branch.book
    needed = HEALTHY * book.maintenance_margin(position) + book.closing_fee(position) if book else 0
    return book is not None and book.equity(position) >= needed


def _is_large(branch: Branch, position: int, part: int) -> bool:
    """Return whether a position of an eighth of a part would be opened, by somebody who has none."""
    owners = {held.owner for held in branch.state.positions.values()}
    free = next((trader for trader in TRADERS if trader not in owners), None)
    large = part // LARGE
    if free is None or branch.book is None or not large:
        return False
    size = large if branch.state.positions[position].size > 0 else -large
    with branch.trial() as trial:
        margin = branch.state.positions[position].margin + 2 * branch.book.notional(position)
        return trial.does(branch.opening(free, size, margin))


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
    for position, held in branch.state.reachable.items():
        yield actions.make(Kind.ADDS_MARGIN, held.owner, position=position, assets=1, to=held.owner)
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

"""The way out: what is a trader's can be had, whatever the rest of the market does."""

from ringfence.properties.abilities import Ability
from ringfence.properties.book import Book
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, that
from ringfence.properties.registry import holds, probes
from ringfence.properties.transition import Transition
from ringfence.types.actions import Action
from ringfence.types.outcome import Refused
from ringfence.types.roles import OWNER
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import AddMargin, BreakFeed, Claim, Close, CollectOwed, Decrease


@holds("EXI-1", Ability.VALUATION)
def closing_pays_what_is_left(t: Transition) -> Claims:
    """With a live price and an acceptable limit, equity >= 0 can always be closed, paused or not, pool empty
    or not, and yields at least min(margin, equity) less the fee.
    """
    if isinstance(t.action, Decrease | Close) and t.closed and t.earlier and t.named is not None:
        yield at_least(f"what {t.owner} was paid", t.gain(t.owner), _least(t.before, t.earlier, t.named))


@probes("EXI-1", Ability.VALUATION, Ability.SAME_BLOCK)
def solvent_positions_can_be_closed(branch: Branch) -> Claims:
    """Every position with equity >= 0 can be closed, now and while paused, and pays what is left of its
    margin.
    """
    book = branch.book
    for position in branch.state.positions if book else ():
        if book and book.equity(position) >= 0:
            yield from _closes(branch, book, position, paused=False)
            yield from _closes(branch, book, position, paused=True)


def _closes(branch: Branch, book: Book, position: int, *, paused: bool) -> Claims:
    owner = branch.state.positions[position].owner
    with branch.trial() as trial:
        if paused and not trial.pauses():
            return
        outcome = trial.apply(branch.closing(position))
        yield that(not isinstance(outcome, Refused), f"position {position} can't be closed: {outcome}")
        if not isinstance(outcome, Refused):
            paid = trial.observe().accounts[owner].tokens - branch.state.accounts[owner].tokens
            yield at_least(f"what {owner} was paid", paid, _least(branch.state, book, position))


def _least(state: VaultState, book: Book, position: int) -> int:
    least = min(state.positions[position].margin, book.equity(position)) - book.closing_fee(position)
    return max(0, least)


@probes("EXI-2", Ability.SAME_BLOCK, Ability.DEAD_FEED, Ability.MARGIN_CHANGES)
def defence_needs_no_price(branch: Branch) -> Claims:
    """addMargin, claim and collectOwed work with a dead feed and while paused."""
    for action in _defences(branch.state):
        with branch.trial() as trial:
            possible = trial.does(action)
        if possible:
            yield _works_in_the_dark(branch, action)


def _defences(state: VaultState) -> list[Action]:
    """Return what must work at any time: what adds to positions, and what takes out what is there."""
    adding: list[Action] = [AddMargin(held.owner, position, 1) for position, held in state.positions.items()]
    claims: list[Action] = [Claim(role, role) for role, has in state.accounts.items() if has.claimable]
    collects: list[Action] = [CollectOwed(role, role) for role, has in state.accounts.items() if has.owed]
    return adding + claims + collects


def _works_in_the_dark(branch: Branch, action: Action) -> str | None:
    with branch.trial() as trial:
        trial.apply(BreakFeed(OWNER, True))
        trial.pauses()
        outcome = trial.apply(action)
    return that(not isinstance(outcome, Refused), f"paused and without a price, {action} ends in {outcome}")

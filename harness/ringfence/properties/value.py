"""Value: trading at one price makes nothing out of nothing, in one step or in many."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch, Trial
from ringfence.properties.claims import Claims, at_least, at_most
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, wealth
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.roles import TRADERS

ROUNDINGS: Final = 2  # what is bought rounds up, what it is worth rounds down
EXAMPLES: Final = 2  # positions whose sizes are traded in a state
TRADER: Final = TRADERS[0]


@property_("VAL-1", needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.OPENS, Kind.CLOSES})
def a_round_trip_never_profits(branch: Branch) -> Claims:
    """Open then close at one price and time never profits; so does any split of it."""
    for size, margin in _trades(branch):
        yield from _round_trip(branch, size, margin, [])


@property_("VAL-1", needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.OPENS, Kind.DECREASES, Kind.CLOSES})
def a_round_trip_in_parts_never_profits(branch: Branch) -> Claims:
    """Opening and closing in parts at one price and time never profits."""
    for size, margin in _trades(branch):
        third = abs(size) // 3
        parts = [third, -third, third, -third // 2]
        offered = parts if branch.actions.makes(Kind.INCREASES) else [part for part in parts if part < 0]
        yield from _round_trip(branch, size, margin, offered)


def _trades(branch: Branch) -> Iterator[tuple[int, int]]:
    """Yield the sizes of live positions, on both sides, with more margin than they can need."""
    book = branch.book
    for position, held in islice(branch.state.positions.items(), EXAMPLES) if book else ():
        margin = 2 * book.notional(position) if book else 0
        yield held.size, margin
        yield -held.size, margin


def _round_trip(branch: Branch, size: int, margin: int, parts: list[int]) -> Claims:
    with branch.trial() as trial:
        if not trial.does(branch.opening(TRADER, size, margin)):
            return
        position = max(trial.observe().positions)
        for part in parts:
            trial.apply(_traded(branch, position, size, part))
        close = branch.actions.make(Kind.CLOSES, TRADER, buys=size < 0, position=position)
        if trial.does(close):
            had, has = branch.state.accounts[TRADER], trial.observe().accounts[TRADER]
            yield at_most(f"what {TRADER} has after opening and closing {size}", wealth(has), wealth(had))


def _traded(branch: Branch, position: int, size: int, part: int) -> Action:
    """Return the action that adds ``part`` to a position of ``size``, or takes it off when negative."""
    kind = Kind.INCREASES if part > 0 else Kind.DECREASES
    buys = (part > 0) == (size > 0)
    return branch.actions.make(kind, TRADER, buys=buys, position=position, size=abs(part))


@property_("VAL-2", needs={Ability.VALUATION, Kind.INCREASES})
def increasing_is_neutral(t: Transition) -> Claims:
    """Increasing at the mark changes pnl by rounding only, never in the trader's favour."""
    is_increase = t.action.kind is Kind.INCREASES and t.named in t.before.positions
    if is_increase and t.named and t.done and t.earlier and t.later:
        change = t.later.pnl(t.named) - t.earlier.pnl(t.named)
        yield at_most("what increasing added to pnl", change, 0)
        yield at_least("what increasing added to pnl", change, -ROUNDINGS)


@property_("VAL-3", needs={Ability.VALUATION, Ability.SAME_BLOCK, Kind.DECREASES, Kind.CLOSES})
def closing_in_parts_pays_no_more(branch: Branch) -> Claims:
    """Closing in parts pays out plus owes at most what closing at once does."""
    for position, held in branch.state.reachable.items() if branch.book else ():
        at_once = _wealth_after(branch, position, [])
        for part in (1, abs(held.size) // 3, abs(held.size) // 2):
            in_parts = _wealth_after(branch, position, [part])
            if at_once is not None and in_parts is not None:
                yield at_most(f"what {held.owner} has after closing {part} first", in_parts, at_once)


def _wealth_after(branch: Branch, position: int, parts: list[int]) -> int | None:
    """Return what the owner has after closing a position by ``parts`` and then the rest; None if refused."""
    with branch.trial() as trial:
        if all(trial.does(branch.decreasing(position, part)) for part in parts if part):
            return _closed_wealth(branch, trial, position)
        return None


def _closed_wealth(branch: Branch, trial: Trial, position: int) -> int | None:
    closed = trial.does(branch.closing(position))
    return wealth(trial.observe().accounts[branch.state.positions[position].owner]) if closed else None

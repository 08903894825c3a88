"""Initial margin: what a side's open interest asks of a position stays with it, whatever the others do."""

from collections.abc import Iterator
from typing import cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import RulesBook
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, equal, that
from ringfence.properties.registry import property_
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.roles import TRADERS


@property_(
    "MAR-1",
    needs={Ability.RULES, Ability.SAME_BLOCK, Kind.OPENS, Kind.CLOSES, Kind.REMOVES_MARGIN},
    after={Kind.OPENS, Kind.INCREASES},
)
def what_is_asked_stays(branch: Branch) -> Claims:
    """Of two positions that grow to one size, the one on the side with more open interest is asked for at
    least as much; no split of a trade asks less than oiScalePpm / 2 * open interest / maxOpenInterest of it;
    what may be removed from a position doesn't depend on others' sizes.
    """
    book = cast(RulesBook | None, branch.book)
    position = (branch.last and branch.last.position_named) or max(branch.state.positions)
    held = branch.state.reachable.get(position)
    if book is None or held is None:
        return
    most = max(0, book.removable(position, book.rate_bp(held.size)))
    alone = _removes(branch, position, most, None)
    for change in (None, *_of_others(branch, position)):
        after = f"after {change}, " if change else ""
        more = _removes(branch, position, most + 1, change)
        yield that(
            more is not True, f"{after}{most + 1} can be removed from position {position}, {most} at most"
        )
        removed = _removes(branch, position, most, change)
        if removed is not None:
            yield equal(f"{after}whether {most} can be removed from position {position}", removed, alone)


def _removes(branch: Branch, position: int, assets: int, change: Action | None) -> bool | None:
    """Return whether margin can be removed after a change; None when that is refused."""
    owner = branch.state.positions[position].owner
    with branch.trial() as trial:
        if change and not trial.does(change):
            return None
        remove = branch.actions.make(Kind.REMOVES_MARGIN, owner, position=position, assets=assets)
        return trial.does(remove)


def _of_others(branch: Branch, position: int) -> Iterator[Action]:
    """Yield what makes the position's side smaller, and larger: another closes, a new one opens."""
    held, book = branch.state.positions[position], branch.book
    others = (each for each, other in branch.state.reachable.items() if other.size * held.size > 0)
    yield from (branch.closing(each) for each in list(others)[:2] if each != position)
    if book:
        yield branch.opening(TRADERS[0], held.size, 2 * book.notional(position))

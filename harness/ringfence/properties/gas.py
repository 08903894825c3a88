"""Gas: what one trader pays does not depend on how many others there are."""

from collections.abc import Iterator
from typing import Final, cast

from ringfence.properties.abilities import Ability, AbleVault
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_most
from ringfence.properties.registry import property_
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind

CROWD: Final = 24
WARM_READ: Final = 100  # gas (EIP-2929): the least that looking at one more position costs
ALLOWED: Final = CROWD * WARM_READ


@property_("GAS-1", needs={Ability.GAS, Ability.VALUATION, Ability.SAME_BLOCK, Kind.OPENS})
def gas_ignores_the_crowd(branch: Branch) -> Claims:
    """The gas of every function is independent of how many positions exist."""
    few, many = _gas(branch, 1), _gas(branch, 1 + CROWD)
    for action in few.keys() & many.keys():
        added = many[action] - few[action]
        if added > ALLOWED:  # once, when a sum passes zero; or again with as many more
            added = min(added, _gas(branch, 1 + 2 * CROWD).get(action, many[action]) - many[action])
        yield at_most(f"the gas that {CROWD} more positions add to {action}", added, ALLOWED)


def _gas(branch: Branch, crowd: int) -> dict[str, int]:
    """Return the gas of every kind of action on the smallest position, after ``crowd`` copies of it were
    opened.
    """
    if not (branch.book and branch.state.positions):
        return {}
    position, held = min(branch.state.positions.items(), key=lambda item: abs(item[1].size))
    copy = branch.opening(held.owner, held.size, 2 * branch.book.notional(position))
    gas = {}
    with branch.trial() as trial:
        if all(trial.does(copy) for _ in range(crowd)):
            for action in [copy, *_actions(branch, position)]:
                if trial.does(action):
                    gas[action.name] = cast(AbleVault, trial.vault).gas_used
    return gas


def _actions(branch: Branch, position: int) -> Iterator[Action]:
    """Yield what can be done to a position, of the kinds that the vault has."""
    held, actions = branch.state.positions[position], branch.actions
    for kind in (Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN):
        if actions.makes(kind):
            yield actions.make(kind, held.owner, position=position, assets=1, to=held.owner)
    if actions.makes(Kind.INCREASES):
        yield branch.increasing(position, abs(held.size))
    if actions.makes(Kind.DECREASES):
        yield branch.decreasing(position, abs(held.size))
    if actions.makes(Kind.CLOSES):
        yield branch.closing(position)

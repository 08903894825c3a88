"""Gas: what one trader pays does not depend on how many others there are."""

from typing import Final, cast

from ringfence.properties.abilities import Ability, Metered
from ringfence.properties.branch import NEVER, Branch, opening, worst_price
from ringfence.properties.claims import Claims, at_most
from ringfence.properties.registry import probes
from ringfence.types.actions import Action
from ringfence.vaults.isolated_margin.actions import AddMargin, Increase, RemoveMargin

CROWD: Final = 24
WARM_READ: Final = 100  # gas (EIP-2929): the least that looking at one more position costs
ALLOWED: Final = CROWD * WARM_READ


@probes("GAS-1", Ability.GAS, Ability.VALUATION, Ability.SAME_BLOCK)
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
    copy = opening(held.owner, held.size, 2 * branch.book.notional(position))
    gas = {}
    with branch.trial() as trial:
        if all(trial.does(copy) for _ in range(crowd)):
            for action in [copy, *_actions(branch, position)]:
                if trial.does(action):
                    gas[type(action).__name__] = cast(Metered, trial.vault).gas_used
    return gas


def _actions(branch: Branch, position: int) -> list[Action]:
    held = branch.state.positions[position]
    return [
        AddMargin(held.owner, position, 1),
        RemoveMargin(held.owner, position, 1),
        Increase(held.owner, position, abs(held.size), 0, worst_price(held.size), NEVER),
        branch.decreasing(position, abs(held.size)),
        branch.closing(position),
    ]

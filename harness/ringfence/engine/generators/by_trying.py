"""Draws the next step for a vault without a model: values by their parameters' kinds, edges by trying."""

from random import Random
from typing import Final

from ringfence.engine.generators.alphabet import OFTEN, Situated
from ringfence.engine.generators.edges import Edges
from ringfence.engine.guard import Guarded
from ringfence.properties.abilities import Ability
from ringfence.types.actions import Action, Step, position_parameter
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.state import VaultState

IN_USE: Final = 0.6  # of all other actions, in each run
ESSENTIAL: Final = (Kind.OPENS, Kind.MOVES_PRICE)
AT_ONCE: Final = 4  # three in so many steps follow without a wait


class ByTrying:
    """Draws for one vault."""

    def __init__(self, vault: Guarded, random: Random) -> None:
        self._vault, self._random = vault, random
        self._actions = sorted(vault.actions, key=lambda declared: declared.name)
        self._edges = Edges(vault)
        self.restart()

    def restart(self) -> None:
        """Choose what the next run is made of: some of all actions, which gets further than all of them."""
        chosen = [each for each in self._actions if each.kind in ESSENTIAL or self._random.random() < IN_USE]
        weighted = [each for each in chosen for _ in range(OFTEN.get(each.kind, 1))]
        self._chosen = weighted or self._actions

    def step(self, state: VaultState, moment: Moment) -> Step:
        """Return the next step from a state."""
        declared = self._random.choice(self._chosen)
        if position_parameter(declared) and not state.positions and declared.kind is not Kind.EXECUTES:
            declared = next(iter(self._vault.actions.of(Kind.OPENS)), declared)
        at = Situated(state, moment, self._vault.facts, self._vault.opened)
        drawn = at.action(declared, lambda _, parameter: parameter.draw(at, self._random))
        return Step(self._at_edge(drawn, state), self._seconds())

    def _at_edge(self, action: Action, state: VaultState) -> Action:
        """Return the action, one time in two moved to where it is only just accepted."""
        if self._random.randrange(2):
            return self._edges.near(action, state, self._random)
        return action

    def _seconds(self) -> int:
        soonest = int(Ability.SAME_BLOCK not in self._vault.abilities)
        if self._random.randrange(AT_ONCE):
            return soonest
        return self._random.choice((soonest, *self._vault.facts.seconds))

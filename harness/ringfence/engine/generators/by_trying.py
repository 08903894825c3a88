"""Draws the next step for a vault without a model: values by their parameters' kinds, edges by trying."""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from ringfence.engine.generators.edges import Edges
from ringfence.engine.guard import Guarded
from ringfence.properties.abilities import Ability
from ringfence.types.actions import SENDER, SIZES, Action, Step, parameters_of, position_parameter
from ringfence.types.facts import Facts
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.parameter_kinds import PositionNumber
from ringfence.types.parameters import Parameter
from ringfence.types.state import VaultState

IN_USE: Final = 0.6  # of all other actions, in each run
ESSENTIAL: Final = (Kind.OPENS, Kind.MOVES_PRICE)
OFTEN: Final[Mapping[Kind, int]] = {Kind.OPENS: 4, Kind.MOVES_PRICE: 4, Kind.LIQUIDATES: 3}
AT_ONCE: Final = 4  # three in so many steps follow without a wait


class ByTrying:
    """Draws for one vault; ``state`` and ``moment`` are what a step finds, the rest what was drawn for it."""

    kind: Kind
    position: int | None
    size: int | None

    def __init__(self, vault: Guarded, random: Random) -> None:
        self._vault, self._random = vault, random
        self._actions = sorted(vault.actions, key=lambda declared: declared.name)
        self._edges = Edges(vault)
        self.restart()

    @property
    def facts(self) -> Facts:
        """Return the vault's ordinary trade."""
        return self._vault.facts

    @property
    def opened(self) -> int:
        """Return the highest number of a position that was ever opened."""
        return self._vault.opened

    def restart(self) -> None:
        """Choose what the next run is made of: some of all actions, which gets further than all of them."""
        chosen = [each for each in self._actions if each.kind in ESSENTIAL or self._random.random() < IN_USE]
        weighted = [each for each in chosen for _ in range(OFTEN.get(each.kind, 1))]
        self._chosen = weighted or self._actions

    def step(self, state: VaultState, moment: Moment) -> Step:
        """Return the next step."""
        self.state, self.moment = state, moment
        declared = self._random.choice(self._chosen)
        if position_parameter(declared) and not state.positions and declared.kind is not Kind.EXECUTES:
            declared = next(iter(self._vault.actions.of(Kind.OPENS)), declared)
        return Step(self._at_edge(self._drawn(declared)), self._seconds())

    def _drawn(self, declared: type[Action]) -> Action:
        """Return an action with drawn values, those first that others depend on."""
        values: dict[str, Any] = {}
        self.kind, self.position, self.size = declared.kind, None, None
        for name, parameter in sorted(parameters_of(declared).items(), key=_turn):
            values[name] = value = parameter.draw(self, self._random)
            if isinstance(parameter, PositionNumber) and self.position is None:
                self.position = value
            elif isinstance(parameter, SIZES) and self.size is None:
                self.size = value
        return declared(**values)

    def _at_edge(self, action: Action) -> Action:
        """Return the action, one time in two moved to where it is only just accepted."""
        if self._random.randrange(2):
            return self._edges.near(action, self.state, self._random)
        return action

    def _seconds(self) -> int:
        soonest = int(Ability.SAME_BLOCK not in self._vault.abilities)
        if self._random.randrange(AT_ONCE):
            return soonest
        return self._random.choice((soonest, *self._vault.facts.seconds))


def _turn(named: tuple[str, Parameter]) -> int:
    """Return when a parameter is drawn: positions, sizes, others, and last who sends the action."""
    name, kind = named
    if name == SENDER:
        return 3
    return 0 if isinstance(kind, PositionNumber) else 1 if isinstance(kind, SIZES) else 2

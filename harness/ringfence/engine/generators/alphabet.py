"""Actions of any alphabet, made of points: what a value depends on, and a rule for each action."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from ringfence.engine.generators.edges import HAVE_EDGES, Edges, has_edges
from ringfence.engine.generators.rules import Points, Rule
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.limits import Limits
from ringfence.engine.system import System
from ringfence.properties.abilities import Ability
from ringfence.types.actions import SENDER, SIZES, Action, Step, parameters_of, position_parameter
from ringfence.types.kinds import Kind
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Done
from ringfence.types.parameter_kinds import PositionNumber
from ringfence.types.parameters import Drawn, Look, Parameter
from ringfence.types.spelling import snake

WAIT: Final = "wait"  # an argument of each rule: the seconds before the action
EDGE: Final = "edge"  # and where the action has one: 0, or a number that chooses an edge for a value
RESERVED: Final = (WAIT, EDGE, "target", "targets")  # the last two by Hypothesis
AT_ONCE: Final = 3  # steps that follow without a wait, for each that waits
ESSENTIAL: Final = (Kind.OPENS, Kind.MOVES_PRICE, Kind.EXECUTES)  # in every run
OFTEN: Final[Mapping[Kind, int]] = {
    Kind.OPENS: 4,
    Kind.MOVES_PRICE: 4,
    Kind.EXECUTES: 4,
    Kind.LIQUIDATES: 3,
}
EDGES_TO_TRY: Final = range(1, 65)
EDGELESS: Final = 3  # steps, for each whose value is moved to an edge of its kind
AMOUNTS: Final = 11  # and for each whose amount is made the largest


class Situated(Look):
    """Where an action is made: what its values depend on."""

    def action(self, declared: type[Action], value_of: Callable[[str, Parameter], Any]) -> Action:
        """Return an action with the values that a function gives, those first that others depend on."""
        values: dict[str, Any] = {}
        self.kind, self.position, self.size = declared.kind, None, None
        for name, parameter in sorted(parameters_of(declared).items(), key=_turn):
            values[name] = value = value_of(name, parameter)
            if isinstance(parameter, PositionNumber) and self.position is None:
                self.position = value
            elif isinstance(parameter, SIZES) and self.size is None:
                self.size = value
        return declared(**values)


class ActionRules:
    """What the rules of actions act on: makes steps of points, which go to ``do`` with the state before."""

    def __init__(self, system: System) -> None:
        """Take the vault that points depend on."""
        vault = system.vault
        assert isinstance(vault, ValidatedVault)
        self._system, self._vault = system, vault
        self._edges = Edges(vault)
        self.is_tentative = False
        self._seconds = vault.facts.waits
        self._limits = Limits.of(vault)
        self._soonest = int(Ability.SAME_BLOCK not in vault.abilities)

    def start(self, market: VaultMarket, model: object, do: Callable[[Step, Any], object]) -> None:
        """Send the steps of a run to ``do``."""
        self._do = do

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        self._do(step, self._system.state)

    @property
    def has_positions(self) -> bool:
        """Return whether there is a position to act on."""
        return bool(self._system.state.positions)

    def act(self, declared: type[Action], points: Mapping[str, Any]) -> bool:
        """Do an action after a wait; one that would be refused is not done while ``is_tentative``."""
        __tracebackhide__ = True
        at = Situated(self._system.state, self._system.moment, self._vault.facts, self._vault.opened)

        def value_of(name: str, kind: Parameter) -> Any:
            point = points[_argument(name)]
            return point if isinstance(kind, Drawn) else kind.value(point, at)

        action = at.action(declared, value_of)
        step = Step(action, max(self._soonest, points[WAIT]))
        has_room = self._vault.has_room
        if points.get(EDGE) and has_room:
            step = replace(step, action=self._edges.near(action, at.state, at.moment, points[EDGE] - 1))
        is_at_edge = step.action is not action
        step = self._limits.bounded(step)
        if self.is_tentative and has_room and not is_at_edge:
            tried = self._accepted(step)
            if tried is None:
                return False
            step = tried
        self._do(step, at.state)
        return True

    def _accepted(self, step: Step) -> Step | None:
        """Return a step that is accepted now, one that waits for its time after another wait; or None."""
        outcome = self._vault.foresee(step)
        if isinstance(outcome, Done):
            return step
        if step.action.kind is not Kind.EXECUTES:
            return None
        waits = sorted(self._seconds, reverse=True)
        longest, *others = (self._limits.timed(replace(step, seconds=each)) for each in waits)
        last = self._vault.foresee(longest)
        if isinstance(last, Done):
            return longest
        if last.error == outcome.error:  # it is not the time
            return None
        return next((each for each in others if isinstance(self._vault.foresee(each), Done)), None)


def action_rules(adapter: Any) -> tuple[Rule, ...]:
    """Return a rule for each action of an adapter: a point for each parameter, a wait, perhaps an edge."""
    seconds = adapter.facts.waits
    waits = Points((0,) * AT_ONCE * len(seconds) + tuple(seconds))
    by_name = sorted(adapter.actions, key=lambda declared: declared.name)  # the same in every process
    return tuple(_rule(declared, waits) for declared in by_name)


def _rule(declared: type[Action], waits: Points) -> Rule:
    def act(rules: ActionRules, /, **points: Any) -> bool:
        __tracebackhide__ = True
        return rules.act(declared, points)

    def is_due(rules: ActionRules) -> bool:
        return rules.has_positions

    position = parameters_of(declared).get(position_parameter(declared) or "")
    is_of_live = isinstance(position, PositionNumber) and position.live
    due = is_due if is_of_live and declared.kind is not Kind.EXECUTES else None
    arguments = {_argument(name): _points(kind) for name, kind in parameters_of(declared).items()}
    if has_edges(declared):
        others = EDGELESS if declared.kind in HAVE_EDGES else AMOUNTS
        arguments[EDGE] = Points((0,) * others * len(EDGES_TO_TRY) + tuple(EDGES_TO_TRY))
    times, is_essential = OFTEN.get(declared.kind, 1), declared.kind in ESSENTIAL
    weight = declared.proposal_weight
    return Rule(
        snake(declared.name), act, arguments | {WAIT: waits}, times * weight, due, is_essential, weight
    )


def _argument(parameter: str) -> str:
    """Return what a parameter is called as an argument of a rule."""
    return f"{parameter}_" if parameter in RESERVED else parameter


def _points(kind: Parameter) -> Points:
    """Return the points of a parameter; what is drawn from a ``Random`` depends on nothing else."""
    if isinstance(kind, Drawn):
        return Points(kind.points, kind.seeded, kind.strategy)
    return Points(kind.points)


def _turn(named: tuple[str, Parameter]) -> int:
    """Return when a value is made: positions, sizes, others, and last who sends the action."""
    name, kind = named
    if name == SENDER:
        return 3
    return 0 if isinstance(kind, PositionNumber) else 1 if isinstance(kind, SIZES) else 2

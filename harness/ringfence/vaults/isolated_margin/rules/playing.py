"""Plays steps and random rules in one market: the rules of the machines, without Hypothesis' engine."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Final, TypeAlias

from ringfence.engine.draws import Draw, drawing
from ringfence.engine.subject import DirectMarket
from ringfence.types.actions import Action, Step
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rules.base import LONGEST_WAIT
from ringfence.vaults.isolated_margin.rules.points.scene import Scene
from ringfence.vaults.isolated_margin.rules.provoking import HuntingMachine

RULES_IN_USE: Final = 0.5  # of all rules, in each run: fewer get further

Rule: TypeAlias = tuple[Callable[..., None], tuple[tuple[str, Draw], ...]]
Do: TypeAlias = Callable[[Step, Scene], None]


class Player(HuntingMachine):
    """A machine whose steps go to ``do``, each with the scene that it finds."""

    def start(self, setup: MarketSetup, market: DirectMarket, do: Do) -> None:
        """Start at a market's opening."""
        self.setup, self.model, self._do = setup, market.model, do
        self._look_ahead(0)

    def step(self, action: Action) -> None:
        """Do an action at the time that was waited for."""
        self._do(Step(action, self._seconds), self.scene)
        self._look_ahead(0)

    def repeat(self, step: Step) -> None:
        """Do a step as it is."""
        self._look_ahead(step.seconds)
        self.step(step.action)

    def wait(self, seconds: int) -> None:
        """Let time pass before the next action."""
        self._look_ahead(self._seconds + min(seconds, LONGEST_WAIT))


def chosen_rules(random: Random) -> list[Rule]:
    """Return the rules that a run is made of; all of them when none was chosen."""
    return [rule for rule in rules() if random.random() < RULES_IN_USE] or list(rules())


def play(player: Player, rule: Rule, random: Random) -> None:
    """Draw a rule's arguments, and play it."""
    function, draws = rule
    function(player, **{name: draw(random) for name, draw in draws})


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, as often as the machine lists it."""
    return tuple(
        (rule.function, tuple((name, drawing(strategy)) for name, strategy in rule.arguments.items()))
        for rule in HuntingMachine().rules
    )

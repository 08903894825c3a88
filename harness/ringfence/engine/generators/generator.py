"""What proposes the steps of a run: a generator plays a step, or a few that belong together, at a time."""

from collections.abc import Callable
from random import Random
from typing import Any, Protocol, TypeAlias

from ringfence.engine.generators.by_trying import ByTrying
from ringfence.engine.generators.rules import Rule, chosen_rules
from ringfence.engine.guard import Guarded
from ringfence.engine.stages import CheckedStage, Stage
from ringfence.types.actions import Step
from ringfence.types.market import VaultMarket

Do: TypeAlias = Callable[[Step, Any], None]
"""Carries out a step; with it comes what the generator saw of the vault before."""


class Generator(Protocol):
    """Proposes steps for one market."""

    def start(self, stage: Stage, do: Do) -> None:
        """Begin a run, or what follows a repeated sequence: choose what it is made of."""
        ...

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        ...

    def play(self) -> None:
        """Do a step, or a few that belong together."""
        ...


class TryingGenerator:
    """Draws by parameter kinds, and finds edges by trying: for a vault without rules of its own."""

    def __init__(self, vault: Guarded, random: Random) -> None:
        self._draws = ByTrying(vault, random)

    def start(self, stage: Stage, do: Do) -> None:
        """Choose some of the actions."""
        assert isinstance(stage, CheckedStage)
        self._system, self._do = stage.system, do
        self._draws.restart()

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        self._do(step, self._system.state)

    def play(self) -> None:
        """Do a drawn step."""
        self._do(self._draws.step(self._system.state, self._system.moment), self._system.state)


class RuleGenerator:
    """Plays rules at random: for a vault with its own, which find boundary values in the reference model."""

    def __init__(self, rules: type[Any], market: VaultMarket, random: Random) -> None:
        self._rules, self._market, self._random, self._player = rules, market, random, rules()

    def start(self, stage: Stage, do: Do) -> None:
        """Choose some of the rules."""
        self._chosen: list[Rule] = chosen_rules(self._rules, self._random)
        self._player.start(self._market, stage.model, do)

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        self._player.repeat(step)

    def play(self) -> None:
        """Draw a rule and its arguments, and play it."""
        self._random.choice(self._chosen).play(self._player, self._random)

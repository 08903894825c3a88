"""Who draws: the rules of our machines beside a model, or an adapter's driver, which asks the vault alone."""

from collections.abc import Callable
from random import Random
from typing import Any, cast

from ringfence.engine.generators.by_trying import ByTrying
from ringfence.engine.generators.rules import chosen_rules
from ringfence.engine.guard import Guarded
from ringfence.engine.maximise.course import Course
from ringfence.types.actions import Step
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rules import AllRules


class RuleDrawer:
    """Plays the rules of our vault, which find their edges in the model."""

    def __init__(self, setup: MarketSetup, random: Random) -> None:
        self._setup, self._random, self._player = setup, random, AllRules()

    def restart(self, course: Course) -> None:
        """Choose some of the rules."""
        self._rules = chosen_rules(AllRules, self._random)

        def do(step: Step, scene: object) -> None:
            course.do(step)

        self._player.start(self._setup, cast(Any, course).model, do)

    def play(self, course: Course) -> None:
        """Play one of them."""
        self._random.choice(self._rules).play(self._player, self._random)


class AdapterDrawer:
    """Draws a step at a time, and finds edges by trying."""

    def __init__(self, vault: Guarded, random: Random) -> None:
        self._driver = ByTrying(vault, random)

    def restart(self, course: Course) -> None:
        """Choose some of the actions."""
        self._driver.restart()

    def play(self, course: Course) -> None:
        """Do a step."""
        course.do(self._driver.step(course.inspection.state, course.inspection.moment))


MakeDrawer = Callable[[Random], RuleDrawer | AdapterDrawer]

"""What proposes the steps of a run: rules at random, a step or a few that belong together at a time."""

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, TypeAlias

from ringfence.engine.executors import Executor
from ringfence.engine.generators.alphabet import ActionRules, action_rules
from ringfence.engine.generators.rules import Rule, listed, rules_of
from ringfence.engine.system import System
from ringfence.types.actions import Step
from ringfence.types.market import VaultMarket

LENGTHS: Final = (4, 8, 16, 32)  # of a fresh run, in turns of rules of an adapter
OF_ACTIONS: Final = (8, 16, 32, 64, 128)  # of actions, of which no rule knows what belongs together
Do: TypeAlias = Callable[[Step, Any], object]
"""Carries out a step; with it comes what the generator saw of the vault before."""
REDRAWN: Final = 3  # times
TENTATIVE: Final = 0.9  # of what is drawn
IN_USE: Final = 0.5  # of all rules, in each run: fewer get further
BURSTS: Final = 0.03  # of all steps begin one: the same rule again and again
IN_BURST: Final = range(2, 13)  # steps


class Generator:
    """Proposes steps for one market by rules: an adapter's own, or a rule for each of its actions.

    ``acting`` is what rules act on: it starts, and does a given step.
    """

    def __init__(self, acting: Any, rules: Sequence[Rule], market: VaultMarket, random: Random) -> None:
        self._acting, self._market, self._random = acting, market, random
        self._rules = listed(rules)
        self._accepted: Counter[str] = Counter()  # by rule

    def start(self, executor: Executor, do: Do) -> None:
        """Begin a run, or what follows a repeated sequence: choose some of the rules, or else all."""
        chosen = [each for each in self._rules if each.is_essential or self._random.random() < IN_USE]
        self._chosen = chosen or self._rules
        self._burst: list[Rule] = []
        self._acting.start(self._market, executor.model, do)

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        self._acting.repeat(step)

    def play(self) -> None:
        """Draw a rule and its arguments, and play it; one that is due, if any is.

        Rules of actions are drawn so that each is accepted about as often as its weight says next to others:
        of two the one that was accepted less often for its weight; and most of what would be refused is drawn
        again, a few times.
        """
        if not isinstance(self._acting, ActionRules):
            self._due(self._random.choice(self._chosen)).play(self._acting, self._random)
            return
        for attempt in range(REDRAWN + 1):
            is_last = attempt == REDRAWN
            chosen = self._due(self._drawn() if is_last or not self._burst else self._burst[0])
            self._acting.is_tentative = not is_last and self._random.random() < TENTATIVE
            if chosen.play(self._acting, self._random) is not False:
                self._accepted[chosen.name] += 1
                self._go_on(chosen)
                return

    def _drawn(self) -> Rule:
        """Return a rule: of two the one that was accepted less often for its weight."""
        drawn = self._random.choice(self._chosen), self._random.choice(self._chosen)
        return min(drawn, key=lambda rule: self._accepted[rule.name] / rule.weight)

    def _go_on(self, played: Rule) -> None:
        """Go on with a burst, or begin one of the rule that was played."""
        if self._burst:
            self._burst.pop()
        elif self._random.random() < BURSTS:
            self._burst = [played] * self._random.choice(IN_BURST)

    def _due(self, chosen: Rule) -> Rule:
        """Return a rule, or another if it is not due and another is."""
        if not chosen.may_be_called(self._acting):
            due = [each for each in self._rules if each.may_be_called(self._acting)]
            return self._random.choice(due) if due else chosen
        return chosen


def rules_for(adapter: Any) -> tuple[Rule, ...]:
    """Return an adapter's own rules, or a rule for each of its actions."""
    return rules_of(adapter.rules) if getattr(adapter, "rules", None) else action_rules(adapter)


def lengths_for(adapter: Any) -> tuple[int, ...]:
    """Return how many turns of the generator fresh runs take."""
    return LENGTHS if getattr(adapter, "rules", None) else OF_ACTIONS


def acting_on(adapter: Any, system: Callable[[], System]) -> Any:
    """Return what these rules act on; those of actions need the ``system``, which is started for them."""
    return adapter.rules() if getattr(adapter, "rules", None) else ActionRules(system())

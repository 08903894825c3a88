"""A search for a program on which vault and model disagree, by Hypothesis' engine with even draws."""

from collections.abc import Callable
from random import Random
from time import monotonic
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from ringfence.engine.arena import Arena, Pair
from ringfence.engine.budget import Budget
from ringfence.engine.campaign import Campaign, versions
from ringfence.engine.disagreement import shortened
from ringfence.engine.generators.rules import Points, Rule, rules_of
from ringfence.engine.lockstep import Divergence
from ringfence.engine.tally import Tally
from ringfence.types.actions import Step
from ringfence.vaults.isolated_margin.rules import VaultRules
from ringfence.vaults.isolated_margin.rules.choices import markets
from ringfence.vaults.isolated_margin.rules.even_draws import BACKEND
from ringfence.vaults.isolated_margin.rules.points.scene import Scene
from ringfence.vaults.isolated_margin.situations import Situation, is_by_operator, situations

STEPS_PER_RUN: Final = 100
RUNS_PER_BATCH: Final = 40
PROFILE: Final = settings(
    max_examples=RUNS_PER_BATCH,
    stateful_step_count=STEPS_PER_RUN,
    backend=BACKEND,
    database=None,
    deadline=None,
    phases=(Phase.generate,),  # what is found is shortened as a program, in a second
    suppress_health_check=list(HealthCheck),
)


def strategy(points: Points) -> st.SearchStrategy[Any]:
    """Return a strategy that samples points."""
    return st.sampled_from(points.elements).map(points.value)


class Machine(RuleBasedStateMachine):
    """Plays rules in an arena, in a market drawn first."""

    arena: ClassVar[Arena]
    player: VaultRules

    @initialize(market=strategy(markets))
    def enter(self, market: str) -> None:
        """Start in a market where the pool is funded and nobody has a position."""
        self.pair: Pair = self.arena.enter(market)
        self.arena.tally.runs += 1
        self.player.start(self.arena.setups[market], self.pair.model, self._do)

    def _do(self, step: Step, scene: Scene) -> None:
        """Act, compare, count; raises Divergence."""
        outcome = self.pair.apply(step)
        found = situations(outcome, scene.tier_of)
        if is_by_operator(step.action.account, outcome):
            found.append(Situation.OPERATOR_ACTED)
        self.arena.tally.note(step.action, outcome, found)


def machine(rules: type[VaultRules], arena: Arena) -> type[Machine]:
    """Return a state machine that plays rules in an arena."""
    members: dict[str, Any] = {"arena": arena, "player": rules()}
    for each in rules_of(rules):
        for number in range(each.times):
            members[f"{each.name}_{number}"] = _rule(each)
    return type(rules.__name__, (Machine,), members)


def _rule(declared: Rule) -> Callable[..., None]:
    def play(self: Machine, **arguments: Any) -> None:
        declared.function(self.player, **arguments)

    play.__name__ = declared.name
    drawn: dict[str, Any] = {name: strategy(points) for name, points in declared.arguments.items()}
    declare: Any = rule(**drawn)
    played: Callable[..., None] = declare(play)
    return played


def search(
    rules: type[VaultRules], arena: Arena, seed: int, budget: Budget, told: Callable[[Tally], None]
) -> Campaign:
    """Play rules in an arena until the budget is spent, something is found or the user interrupts.

    ``told`` hears of the tally after every batch of runs.
    """
    armed = machine(rules, arena)
    seeds, begun = Random(seed), monotonic()
    divergence, is_interrupted = None, False
    try:
        while divergence is None and not budget.is_spent(arena.tally, monotonic() - begun):
            divergence = _batch(armed, seeds.getrandbits(64))
            told(arena.tally)
        disagreement = shortened(arena, divergence) if divergence else None
    except KeyboardInterrupt:
        disagreement, is_interrupted = None, True
    used = versions("hypothesis")
    return Campaign(seed, monotonic() - begun, arena.tally, used, disagreement, is_interrupted)


def _batch(machine: type[Machine], seed: int) -> Divergence | None:
    """Make some runs; return where one of them ended."""
    try:
        run_state_machine_as_test(seeded(seed)(machine), settings=PROFILE)
    except Divergence as divergence:
        return divergence
    return None

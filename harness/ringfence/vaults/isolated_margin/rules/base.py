"""The part of every machine that acts: a step is done twice and compared once."""

from typing import ClassVar, Final

from hypothesis.stateful import RuleBasedStateMachine, initialize

from ringfence.engine.arena import Arena
from ringfence.types.actions import Action, Step
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rules import strategies as some
from ringfence.vaults.isolated_margin.rules.points.scene import Scene
from ringfence.vaults.isolated_margin.situations import Situation, is_by_operator, situations

LONGEST_WAIT: Final = 2**32 // 1000  # (= 4,294,967) seconds: a thousand of them are a vault's life


class VaultMachine(RuleBasedStateMachine):
    """Sends the same actions to a vault and to its model, in a market drawn first. It has no rules yet.

    ``scene`` is what the next action will find. All rules of a machine are equally likely, so one that should
    come up more often is there several times: ``class TradingRules(VaultMachine, open=6)``.
    """

    arena: ClassVar[Arena]
    model: ReferenceVault
    _scene: Scene | None

    def __init_subclass__(cls, **times: int) -> None:
        super().__init_subclass__()
        for name, count in times.items():
            for number in range(1, count):
                setattr(cls, f"{name}_{number}", vars(cls)[name])

    @initialize(market=some.markets)
    def enter(self, market: str) -> None:
        """Start in a market where the pool is funded and nobody has a position."""
        self.setup = self.arena.setups[market]
        self.pair = self.arena.enter(market)
        self.model = self.pair.model
        self.arena.tally.runs += 1
        self._look_ahead(0)

    def step(self, action: Action) -> None:
        """Act, compare, count; raises Divergence."""
        outcome = self.pair.apply(Step(action, self._seconds))
        found = situations(outcome, self.scene.tier_of)
        if is_by_operator(action.account, outcome):
            found.append(Situation.OPERATOR_ACTED)
        self.arena.tally.note(action, outcome, found)
        self._look_ahead(0)

    def wait(self, seconds: int) -> None:
        """Let time pass before the next action."""
        self._look_ahead(self._seconds + min(seconds, LONGEST_WAIT))

    @property
    def scene(self) -> Scene:
        """Return the market at the time of the next action; made when it is first asked for."""
        if self._scene is None:
            self._scene = Scene(self.model.market, self.setup, self._seconds)
        return self._scene

    def _look_ahead(self, seconds: int) -> None:
        self._seconds, self._scene = seconds, None

"""The part of all rules that acts: actions find the market that the model shows, at the time waited for."""

from collections.abc import Callable
from typing import Final, TypeAlias

from ringfence.types.actions import Action, Step
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rules.points.scene import Scene

LONGEST_WAIT: Final = 2**32 // 1000  # (= 4,294,967) seconds: a thousand of them are a vault's life
Do: TypeAlias = Callable[[Step, Scene], object]


class VaultRules:
    """Makes steps, each near a limit of the market as the model has it. A base: it has no rules yet.

    ``scene`` is what the next action will find.
    """

    _scene: Scene | None

    def start(self, setup: MarketSetup, model: ReferenceVault, do: Do) -> None:
        """Start at a market's opening; steps go to ``do``, each with the scene that it finds."""
        self.setup, self.model, self._do = setup, model, do
        self._look_ahead(0)

    def step(self, action: Action) -> None:
        """Do an action at the time that was waited for."""
        self._do(Step(action, self._seconds), self.scene)
        self._look_ahead(0)

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        self._look_ahead(step.seconds)
        self.step(step.action)

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

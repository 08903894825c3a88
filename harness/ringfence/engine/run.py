"""One run from a market's opening: its steps, what they reached, and whether something was found."""

from collections.abc import Collection, Set
from typing import Any, Final

from ringfence.engine.executors import Executor
from ringfence.engine.features import Feature, Features
from ringfence.engine.limits import Limits
from ringfence.engine.objective import Objective
from ringfence.engine.stats import Stats
from ringfence.types.actions import CallSequence, Step
from ringfence.types.outcome import Done, Refused

NO_LIMITS: Final = Limits()


class RunOver(Exception):
    """Nothing more is to be done in this run."""


class Run:
    """What was done in one market since its opening.

    ``reached`` maps features to the number of the step that had them first, ``opened`` has the position that
    each step opened, if it did, and ``done`` whether it was carried out.
    """

    def __init__(
        self,
        executor: Executor,
        features: Features,
        stats: Stats,
        objective: Objective,
        limits: Limits = NO_LIMITS,
    ) -> None:
        """Go back to the market's opening, and count into ``stats``."""
        self.steps: list[Step] = []
        self.opened: list[int | None] = []
        self.done: list[bool] = []
        self.reached: dict[Feature, int] = {}
        self.executor = executor
        self._features, self._stats, self._objective = features, stats, objective
        self._limits = limits
        stats.runs += 1
        executor.restart()

    def do(self, step: Step, look: Any) -> None:
        """Carry out a step as far as objective and adapter allow it, and note what it reached; raises
        RunOver.
        """
        allowed = self._objective.allowed(step, self.executor)
        if allowed is None:
            return
        allowed = self._limits.bounded(allowed)
        self._do(allowed, look)
        for each in self._objective.follow_ups(self.executor):
            self._do(each, look)

    def _do(self, allowed: Step, look: Any) -> None:
        self.steps.append(allowed)
        outcome = self.executor.apply(allowed)
        self.opened.append(self.executor.opened(allowed, outcome))
        self.done.append(isinstance(outcome, Done))
        features = self._features
        self._reach(features.of(allowed, outcome, look))
        events = features.events(allowed, outcome, look)
        contract = features.refused_by(allowed, outcome) if isinstance(outcome, Refused) else ""
        self._stats.note(allowed.action, outcome, events, contract)
        for event in events:
            self._reach((event, allowed.action.name))
        if self.executor.found is not None:
            raise RunOver

    @property
    def sequence(self) -> CallSequence:
        """Return the steps so far."""
        return tuple(self.steps)

    def needed(self, wanted: Collection[Feature]) -> tuple[CallSequence, list[int | None]]:
        """Return the sequence up to the last of some features, and what its steps opened.

        Refused steps that have none of them are left out: they have changed nothing. Their time is kept.
        """
        return self._without_refused({self.reached[feature] for feature in wanted})

    def accepted(self) -> CallSequence:
        """Return the sequence up to the last step that was done, without refused steps; their time stays."""
        numbers = [number for number, is_done in enumerate(self.done, start=1) if is_done]
        return self._without_refused({numbers[-1]})[0] if numbers else ()

    def _without_refused(self, places: Set[int]) -> tuple[CallSequence, list[int | None]]:
        """Return the steps up to the last of some places, those that were done and those at the places."""
        steps: list[Step] = []
        opened: list[int | None] = []
        waited = 0
        for number, step in enumerate(self.steps[: max(places)], start=1):
            waited += step.seconds
            if self.done[number - 1] or number in places:
                steps.append(Step(step.action, waited))
                opened.append(self.opened[number - 1])
                waited = 0
        return tuple(steps), opened

    def _reach(self, feature: Feature) -> None:
        if feature not in self.reached:
            self.reached[feature] = len(self.steps)

"""One run from a market's opening: its steps, what they reached, and where vault and model part."""

from collections.abc import Sequence
from typing import Final

from ringfence.actions import Open, OpenWithPermit, Program, Step
from ringfence.explore.features import Feature, Sensor, feature_of, rare
from ringfence.explore.subject import Answer, DirectMarket
from ringfence.model_values import event_of
from ringfence.outcome import Done, Outcome, Refused
from ringfence.points.scene import Scene
from ringfence.situations import OWN_EVENTS, READERS, Situation, is_by_operator, situations
from ringfence.tally import Tally

TELLING: Final = frozenset(READERS) | OWN_EVENTS  # the names of the events that situations are read from


class Run:
    """What was done in one market since its opening.

    ``reached`` maps features to the number of the step that had them first, ``opened`` has the position that
    each step opened, if it did.
    """

    def __init__(self, market: DirectMarket, tally: Tally, sensors: Sequence[Sensor]) -> None:
        """Go back to the market's opening, and count into ``tally``."""
        self.steps: list[Step] = []
        self.opened: list[int | None] = []
        self.reached: dict[Feature, int] = {}
        self._market, self._tally, self._sensors = market, tally, sensors
        tally.runs += 1
        market.restart()

    def do(self, step: Step, scene: Scene) -> None:
        """Do a step, and note what it reached; raises Difference."""
        self.steps.append(step)
        answer = self._market.apply(step)
        self.opened.append(_opened(step, answer))
        self._reach(feature_of(step, answer, scene))
        outcome = outcome_of(answer)
        found = situations(outcome, scene.tier_of)
        if is_by_operator(step.action.account, outcome):
            found.append(Situation.OPERATOR_ACTED)
        self._tally.note(step.action, outcome, found)
        for feature in rare(found, step):
            self._reach(feature)
        for sensor in self._sensors:
            for feature in sensor(self._market, step, answer):
                self._reach(feature)

    @property
    def program(self) -> Program:
        """Return the steps so far."""
        return tuple(self.steps)

    def _reach(self, feature: Feature) -> None:
        if feature not in self.reached:
            self.reached[feature] = len(self.steps)


def outcome_of(answer: Answer) -> Outcome:
    """Return an answer as an outcome with those events alone that situations are read from."""
    if answer.refusal is not None:
        return Refused(answer.refusal.name, answer.refusal.args)
    told = [entry for entry in answer.log if type(entry[1]).__name__ in TELLING]
    return Done(None, tuple([event_of(*entry) for entry in told]))


def _opened(step: Step, answer: Answer) -> int | None:
    if answer.refusal is None and isinstance(step.action, Open | OpenWithPermit):
        assert isinstance(answer.value, int)
        return answer.value
    return None

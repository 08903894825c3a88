"""One run from a market's opening: its steps, what they reached, and where vault and model part."""

from collections.abc import Collection
from typing import Final

from isolated_margin.events import LoggedEvent

from ringfence.engine.features import Feature, Standings, rare
from ringfence.engine.subject import Answer, DirectMarket
from ringfence.engine.tally import Tally
from ringfence.types.actions import CallSequence, Step
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.vaults.isolated_margin.actions import Open, OpenWithPermit
from ringfence.vaults.isolated_margin.reference.model_values import event_of
from ringfence.vaults.isolated_margin.rules.points.scene import Scene
from ringfence.vaults.isolated_margin.situations import (
    AT_THE_EDGE,
    OWN_EVENTS,
    READERS,
    Situation,
    is_by_operator,
    situations,
)

TELLING: Final = frozenset(
    kind for kind in LoggedEvent.__subclasses__() if kind.__name__ in READERS or kind.__name__ in OWN_EVENTS
)  # events that situations are read from
NOTHING_TOLD: Final = Done(None, ())
OPENING: Final = (Open, OpenWithPermit)


class Run:
    """What was done in one market since its opening.

    ``reached`` maps features to the number of the step that had them first, ``opened`` has the position that
    each step opened, if it did, and ``done`` whether it was carried out.
    """

    def __init__(self, market: DirectMarket, standings: Standings, tally: Tally) -> None:
        """Go back to the market's opening, and count into ``tally``."""
        self.steps: list[Step] = []
        self.opened: list[int | None] = []
        self.done: list[bool] = []
        self.reached: dict[Feature, int] = {}
        self._market, self._standings, self._tally = market, standings, tally
        tally.runs += 1
        market.restart()

    def do(self, step: Step, scene: Scene) -> None:
        """Do a step, and note what it reached; raises Difference."""
        self.steps.append(step)
        answer = self._market.apply(step)
        self.opened.append(_opened(step, answer))
        self.done.append(answer.refusal is None)
        self._reach(self._standings.feature(step, answer, scene))
        outcome = outcome_of(answer)
        found = _situations(step, outcome, scene)
        self._tally.note(step.action, outcome, found)
        for feature in rare(found, step) if found else ():
            self._reach(feature)

    @property
    def program(self) -> CallSequence:
        """Return the steps so far."""
        return tuple(self.steps)

    def needed(self, wanted: Collection[Feature]) -> tuple[CallSequence, list[int | None]]:
        """Return the program up to the last of some features, and what its steps opened.

        Refused steps that have none of them are left out: they have changed nothing. Their time is kept.
        """
        places = {self.reached[feature] for feature in wanted}
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


def _situations(step: Step, outcome: Outcome, scene: Scene) -> list[Situation]:
    if outcome is NOTHING_TOLD or (type(outcome) is Refused and outcome.error not in AT_THE_EDGE):
        return []
    found = situations(outcome, scene.tier_of)
    if is_by_operator(step.action.account, outcome):
        found.append(Situation.OPERATOR_ACTED)
    return found


def outcome_of(answer: Answer) -> Outcome:
    """Return an answer as an outcome with those events alone that situations are read from."""
    if answer.refusal is not None:
        return Refused(answer.refusal.name, answer.refusal.args)
    told = [event_of(*entry) for entry in answer.log if type(entry[1]) in TELLING]
    return Done(None, tuple(told)) if told else NOTHING_TOLD


def _opened(step: Step, answer: Answer) -> int | None:
    if answer.refusal is None and type(step.action) in OPENING:
        assert isinstance(answer.value, int)
        return answer.value
    return None

"""What many workers have done together on our own vault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ringfence.engine.disagreement import Disagreement
from ringfence.engine.hunt import Catch
from ringfence.engine.tally import Tally
from ringfence.engine.workers.campaign import run
from ringfence.engine.workers.crew import Crew
from ringfence.engine.workers.searcher import Turn
from ringfence.engine.workers.together import Together


@dataclass(slots=True)
class Joint(Together[Turn, Disagreement | Catch]):
    """What vault and model have done, and how many more steps the laws have looked at."""

    tally: Tally = field(default_factory=Tally)
    law_steps: int = 0

    @property
    def steps(self) -> int:
        """Return the steps of both."""
        return self.tally.steps + self.law_steps

    @property
    def counted(self) -> int:
        """Return the steps on vault and model."""
        return self.tally.steps

    def _take(self, turn: Turn) -> Sequence[Disagreement | Catch]:
        self.tally.update(turn.explored.tally)
        self.law_steps += turn.law_steps
        return turn.found


def search(
    crew: Crew[Turn],
    workers: int,
    seed: int,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    told: Callable[[Joint], None] = lambda done: None,
) -> Joint:
    """Search our vault as ``campaign.run`` does, and raise what it does."""
    return run(crew, Joint(seed, workers), seconds=seconds, steps=steps, told=told)

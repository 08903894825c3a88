"""What an explorer has done, as data that can be sent from one process to another and added up."""

from dataclasses import dataclass, field

from ringfence.engine.disagreement import Disagreement
from ringfence.engine.features import Feature
from ringfence.engine.tally import Tally


@dataclass(slots=True)
class Explored:
    """What one call of ``Explorer.run`` has done: counts and features are of this call alone.

    ``tally`` counts runs, steps and outcomes, and is added up with ``Tally.update``. ``reached`` are features
    that were new to the explorer, ``entries`` how many programs its corpus has now. ``disagreements`` are
    shortened programs at whose end vault and model differ, each of a cause not seen before by this explorer.
    ``complaint`` is a sentence about a corpus that could not be written or read, empty when all is well.
    """

    seed: int
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    reached: list[Feature] = field(default_factory=list)
    entries: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    complaint: str = ""
    is_interrupted: bool = False

    @property
    def steps(self) -> int:
        """Return how many steps were done on vault and model, those to trim programs included."""
        return self.tally.steps

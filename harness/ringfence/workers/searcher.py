"""What one worker does: the explorer and the laws by turns, on one vault."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ringfence.disagreement import Disagreement
from ringfence.explore import Explored, Explorer, Subject
from ringfence.explore.features import Feature
from ringfence.hunt import Catch, Hunt
from ringfence.markets import MarketSetup

LAWS_EVERY: Final = 4  # steps of the explorer for one that every law looks at
ENDLESS: Final = 1e9  # seconds


@dataclass(slots=True)
class Turn:
    """What one turn has done, as data for another process. ``seconds`` are the explorer's.

    ``law_steps`` were looked at by every law, ``tested`` says how often each was put to the test until now.
    """

    explored: Explored
    law_steps: int
    tested: dict[str, int]
    catches: list[Catch] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Return the steps of both."""
        return self.explored.steps + self.law_steps

    @property
    def reached(self) -> list[Feature]:
        """Return the features that were new to this worker."""
        return self.explored.reached

    @property
    def found(self) -> list[Disagreement | Catch]:
        """Return what was found."""
        return [*self.explored.disagreements, *self.catches]


class Searcher:
    """Searches some markets of a vault; its draws depend on the seed and on the corpus at the start."""

    def __init__(
        self, subject: Subject, setups: Iterable[MarketSetup], seed: int, corpus: Path | None = None
    ) -> None:
        """Read the corpus; raises BadCorpus."""
        setups = tuple(setups)
        self._explorer = Explorer(setups, seed, corpus, subject=subject)
        self._hunt = Hunt(subject.contest, setups, seed)

    def turn(self, steps: int) -> Turn:
        """Explore for so many steps, then have the laws look at a quarter as many.

        Either ends early when it finds something; an interrupt by the user ends the turn, which tells so.
        """
        explored = self._explorer.run(steps=steps)
        turn = Turn(explored, 0, {})
        if not explored.is_interrupted and not explored.disagreements:
            self._look(steps // LAWS_EVERY, turn)
        return turn

    def _look(self, steps: int, turn: Turn) -> None:
        before = self._hunt.steps
        try:
            for catch in self._hunt.catches(None, ENDLESS, before + steps):
                turn.catches.append(catch)
                break
        except KeyboardInterrupt:
            turn.explored.is_interrupted = True
        turn.law_steps, turn.tested = self._hunt.steps - before, dict(self._hunt.tested)

"""What one worker does: the explorer and the laws by turns, on one vault."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Final

from ringfence.engine.canary import Canaries
from ringfence.engine.disagreement import Disagreement
from ringfence.engine.explorer import Explorer
from ringfence.engine.features import Feature
from ringfence.engine.hunt import Catch, Hunt
from ringfence.engine.result import Explored
from ringfence.engine.subject import Subject
from ringfence.vaults.isolated_margin.markets import MarketSetup

LAWS_EVERY: Final = 4  # steps of the explorer for one that every law looks at
ENDLESS: Final = 1e9  # seconds


@dataclass(slots=True)
class Turn:
    """What one turn has done, as data for another process. ``seconds`` are those of its processor.

    ``law_steps`` were looked at by every law, ``tested`` says how often each was put to the test in them.
    ``untested`` are laws that apply and that this worker has never put to the test. ``canaries``: whether
    laws and comparison see what they must.
    """

    explored: Explored
    seconds: float = 0.0
    law_steps: int = 0
    tested: Counter[str] = field(default_factory=Counter)
    untested: list[str] = field(default_factory=list)
    canaries: Canaries = field(default_factory=Canaries)
    catches: list[Catch] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Return the steps of both."""
        return self.explored.steps + self.law_steps

    @property
    def counted(self) -> int:
        """Return the steps on vault and model."""
        return self.explored.steps

    @property
    def complaint(self) -> str:
        """Return what is wrong with the corpus, if anything."""
        return self.explored.complaint

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
        self._tested = Counter[str]()

    def turn(self, steps: int) -> Turn:
        """Explore for so many steps, then have the laws look at a quarter as many.

        Either ends early when it finds something; an interrupt by the user ends the turn, which tells so.
        """
        begun = process_time()
        explored = self._explorer.run(steps=steps)
        turn = Turn(explored)
        if not explored.is_interrupted and not explored.disagreements:
            self._look(steps // LAWS_EVERY, turn)
        turn.seconds = process_time() - begun
        return turn

    def _look(self, steps: int, turn: Turn) -> None:
        hunt, before = self._hunt, self._hunt.steps
        try:
            turn.catches += islice(hunt.catches(None, ENDLESS, before + steps), 1)
        except KeyboardInterrupt:
            turn.explored.is_interrupted = True
        turn.law_steps, turn.tested = hunt.steps - before, hunt.tested - self._tested
        self._tested += turn.tested
        turn.untested, turn.canaries = hunt.untested, hunt.canaries

"""Long call sequences that grow from the ends of stored ones, for states that no short run comes to."""

from random import Random
from typing import Final

from ringfence.engine.run import Run
from ringfence.types.actions import CallSequence

NUMBER: Final = 4  # of one market, that grow in turns
LONGEST: Final = 128  # steps; then it begins anew
AFTER: Final = 20_000  # steps of a search: short runs are the better ones before
SHARE: Final = 0.2  # of all steps after that, at most
TURNS: Final = (8, 16, 32)  # after what is repeated


class Histories:
    """Sequences of accepted steps, each repeated and gone on from until it is long."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._grown: dict[tuple[str, int], CallSequence] = {}
        self._spent = 0

    def are_due(self, steps: int) -> bool:
        """Return whether the next run is to be long, after N steps of a search."""
        return self._spent < SHARE * (steps - AFTER)

    def next(self, market: str, start: CallSequence) -> tuple[int, CallSequence, int]:
        """Return a history's number, what it is so far and the turns to go on; a new one has a ``start``."""
        number = self._random.randrange(NUMBER)
        sequence = self._grown.get((market, number)) or start
        return number, sequence, self._random.choice(TURNS)

    def learn(self, market: str, number: int, run: Run) -> None:
        """Take in how a history went on; one that is long, or that found something, begins anew."""
        self._spent += len(run.steps)
        grown = run.accepted()
        is_over = run.executor.found is not None or len(grown) >= LONGEST
        self._grown[market, number] = () if is_over else grown

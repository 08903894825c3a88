"""Long call sequences that grow from the ends of stored ones, for states that no short run comes to."""

from random import Random
from typing import Final

from ringfence.engine.run import Run
from ringfence.types.actions import CallSequence

LONGEST: Final = 384  # steps; then it begins anew
AFTER: Final = 20_000  # steps of a search: short runs are the better ones before
SHARE: Final = 0.2  # of all steps after that, at most
TURNS: Final = (16, 32, 64)  # after what is repeated


class Histories:
    """A sequence of accepted steps for each market, repeated and gone on from until it is long."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._grown: dict[str, CallSequence] = {}
        self._spent = 0

    def are_due(self, steps: int) -> bool:
        """Return whether the next run is to be long, after N steps of a search."""
        return self._spent < SHARE * (steps - AFTER)

    def next(self, market: str, start: CallSequence) -> tuple[CallSequence, int]:
        """Return what a history is so far, and the turns to go on; a new one begins with ``start``."""
        return self._grown.get(market) or start, self._random.choice(TURNS)

    def learn(self, market: str, run: Run) -> None:
        """Take in how a history went on; one that is long, or that found something, begins anew."""
        self._spent += len(run.steps)
        grown = run.accepted()
        is_over = run.executor.found is not None or len(grown) >= LONGEST
        self._grown[market] = () if is_over else grown

"""What a campaign of many workers asks of a search, whichever it is: to go on by turns, and tell of each."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TypeVar

from ringfence.engine.canary import Canaries
from ringfence.engine.features import Feature

Turn_co = TypeVar("Turn_co", covariant=True)


class Told(Protocol):
    """What one turn has done, as data for another process."""

    @property
    def seconds(self) -> float:
        """Return the seconds of its processor."""
        ...

    @property
    def counted(self) -> int:
        """Return the steps that count against a budget of steps."""
        ...

    @property
    def reached(self) -> Sequence[Feature]:
        """Return the features that were new to this worker."""
        ...

    @property
    def tested(self) -> Counter[str]:
        """Return how often each law was put to the test in this turn."""
        ...

    @property
    def untested(self) -> Sequence[str]:
        """Return laws that apply and were not put to the test."""
        ...

    @property
    def canaries(self) -> Canaries:
        """Return whether what must fail was seen to."""
        ...

    @property
    def complaint(self) -> str:
        """Return what is wrong with the corpus, if anything."""
        ...


class Turning(Protocol[Turn_co]):
    """A search that goes on from turn to turn."""

    def turn(self, steps: int) -> Turn_co:
        """Do so many steps, or fewer, and a run that was begun to its end."""
        ...


class Task(Protocol[Turn_co]):
    """What every worker is asked to do, as data for another process."""

    def searcher(self, seed: int) -> Turning[Turn_co]:
        """Start a worker's search; raises what that refuses."""
        ...

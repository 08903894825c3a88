"""What is mutated: our own vault, or one behind somebody's adapter."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.verdict import Detection
from ringfence.types.actions import CallSequence


class Unfit(Exception):
    """There is nothing to measure by: the message is one sentence."""


class Stillborn(Exception):
    """A mutant does not compile. The message is the compiler's."""


@dataclass(frozen=True, slots=True)
class Known:
    """A program that killed a mutant somewhere."""

    file: str
    line: int
    market: str
    sequence: CallSequence


class MutationTarget(Protocol):
    """A vault in Solidity, and those who would notice if it were another."""

    @property
    def name(self) -> str:
        """Return what reports call it."""
        ...

    @property
    def sources(self) -> Mapping[str, str]:
        """Return the text of every file that can be mutated, by its path."""
        ...

    def trees(self) -> Mapping[str, Any]:
        """Return the compiler's syntax tree of every source; raises Unfit when one does not compile."""
        ...

    def check(self) -> None:
        """See that nobody complains of the unbroken vault; raises Unfit."""
        ...

    def plant(self, mutant: Mutant) -> Hashable:
        """Return the mutant's code; that of the unbroken vault if it is the same. Raises Stillborn."""
        ...

    @property
    def unbroken(self) -> Hashable:
        """Return the code of the unbroken vault."""
        ...

    def find(self, mutant: Mutant, planted: Any, known: Sequence[Known], seed: int) -> Detection | None:
        """Return what tells a mutant from the vault, if anything does.

        ``known`` programs are tried first; then there is a search by a seed.
        """
        ...

    def is_equal_when_deployed(self, mutant: Mutant) -> bool:
        """Return whether the code is that of the unbroken vault as the compiler's optimiser leaves it."""
        ...

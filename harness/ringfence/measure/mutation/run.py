"""A whole run: what was selected, what became of it, and what follows from that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ringfence.engine.versions import versions
from ringfence.measure.mutation.counting import Count, count
from ringfence.measure.mutation.equivalents import Equivalent, mistakes
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.operators import EVERY_OPERATOR
from ringfence.measure.mutation.selection import Selection
from ringfence.measure.mutation.verdict import ALIVE, Verdict


@dataclass(frozen=True)
class Results:
    """What became of the selected mutants. ``seconds`` is the time on the wall that this run took."""

    target: str
    sources: Mapping[str, str]
    selection: Selection
    every: Sequence[Mutant]
    mutants: Sequence[Mutant]
    verdicts: Mapping[str, Verdict]
    equivalents: Mapping[str, Equivalent]
    seconds: float
    is_interrupted: bool = False
    versions: Mapping[str, str] = field(default_factory=versions)

    @cached_property
    def total(self) -> Count:
        """Return the count of all."""
        return count(self.mutants, self.verdicts, self.equivalents)

    @property
    def survivors(self) -> list[Mutant]:
        """Return the mutants that nothing noticed, equivalent ones among them."""
        judged = (mutant for mutant in self.mutants if mutant.id in self.verdicts)
        return [mutant for mutant in judged if self.verdicts[mutant.id].fate in ALIVE]

    @property
    def unexplained(self) -> list[Mutant]:
        """Return the survivors that are not listed as equivalent."""
        return [mutant for mutant in self.survivors if mutant.id not in self.equivalents]

    @property
    def mistakes(self) -> list[str]:
        """Return what is wrong with the list of equivalent mutants."""
        return mistakes(self.equivalents, self.every, self.verdicts, self.sources)

    @property
    def is_good(self) -> bool:
        """Return whether all were run, and every survivor is equivalent."""
        return not (self.unexplained or self.mistakes or self.is_interrupted)

    def by_file(self) -> dict[str, Count]:
        """Return the count of every file."""
        return self._by(sorted({mutant.file for mutant in self.mutants}), lambda mutant: mutant.file)

    def by_operator(self) -> dict[str, Count]:
        """Return the count of every operator, those of the domain first."""
        return self._by([each.name for each in EVERY_OPERATOR], lambda mutant: mutant.operator)

    def _by(self, names: Sequence[str], name_of: Callable[[Mutant], str]) -> dict[str, Count]:
        groups = {name: [each for each in self.mutants if name_of(each) == name] for name in names}
        return {
            name: count(group, self.verdicts, self.equivalents) for name, group in groups.items() if group
        }

"""A whole run: what is selected, what became of it, and what follows from that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cached_property
from typing import Final

from ringfence.engine.versions import versions
from ringfence.measure.mutation.counting import Count, count
from ringfence.measure.mutation.equivalents import Equivalent, mistakes
from ringfence.measure.mutation.mutant import Mutant, mutants_of, one_of_a_line, sample
from ringfence.measure.mutation.operators import BY_NAME, EVERY_OPERATOR
from ringfence.measure.mutation.process import Unfit
from ringfence.measure.mutation.target import MutationTarget
from ringfence.measure.mutation.verdict import ALIVE, Verdict

GROUPS: Final = {
    "domain": [each.name for each in EVERY_OPERATOR if each.is_domain],
    "generic": [each.name for each in EVERY_OPERATOR if not each.is_domain],
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What to mutate."""

    files: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    is_every: bool = False
    sample: int | None = None
    seed: int = 1

    def chosen(self, target: MutationTarget) -> tuple[list[Mutant], list[Mutant]]:
        """Return all mutants of the target, and those that are selected; raises Unfit when there are none."""
        every = mutants_of(target.sources, target.compiled.trees)
        operators = self._operators()
        found = [mutant for mutant in every if mutant.operator in operators and self._has(mutant.file)]
        found = found if self.is_every else one_of_a_line(found)
        if self.sample is not None:
            found = sample(found, self.sample, self.seed)
        if not found:
            raise Unfit(f"No mutant is selected: {self._reason(target.sources)}.")
        return every, found

    def _operators(self) -> set[str]:
        chosen = set[str]()
        for name in self.operators:
            if name not in BY_NAME and name not in GROUPS:
                known = ", ".join([*GROUPS, *BY_NAME])
                raise Unfit(f"There is no operator {name!r}; there are {known}.")
            chosen.update(GROUPS.get(name, [name]))
        return chosen or set(BY_NAME)

    def _has(self, file: str) -> bool:
        return not self.files or any(fnmatch(file, pattern) for pattern in self.files)

    def _reason(self, sources: Iterable[str]) -> str:
        if not any(map(self._has, sources)):
            return f"no file is called {' or '.join(self.files)}, only {', '.join(sorted(sources))}"
        return "the operators change nothing in these files"


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

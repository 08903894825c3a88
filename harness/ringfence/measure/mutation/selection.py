"""Which mutants are judged: files by patterns, operators by name or group, and how many of what they make."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Final

from ringfence.measure.mutation.mutant import Mutant, mutants_of, one_of_a_line, sample
from ringfence.measure.mutation.operators import BY_NAME, EVERY_OPERATOR
from ringfence.measure.mutation.process import Unfit
from ringfence.measure.mutation.target import MutationTarget

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

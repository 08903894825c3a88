"""A whole run: what was selected, what became of it, and what is to be said of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

from ringfence.measure.mutation.argued import Argument, problems
from ringfence.measure.mutation.counting import Row, row, survivors
from ringfence.measure.mutation.mutant import Mutant, mutants_of, one_of_a_line, sample
from ringfence.measure.mutation.operators import BY_NAME, EVERY_OPERATOR, Operator
from ringfence.measure.mutation.target import MutationTarget, Unfit
from ringfence.measure.mutation.verdict import Verdict

GROUPS = {"domain": True, "generic": False}


@dataclass(frozen=True, slots=True)
class Selection:
    """What to mutate: files by patterns, operators by name or group, and how many of what they make."""

    files: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    is_every: bool = False
    sample: int | None = None
    seed: int = 1

    @property
    def is_of_all(self) -> bool:
        """Return whether no file or operator was left out."""
        return not self.files and not self.operators

    def chosen(self, target: MutationTarget) -> tuple[list[Mutant], list[Mutant]]:
        """Return all mutants of the target, and those that are selected; raises Unfit when there are none."""
        every = mutants_of(target.sources, target.trees())
        operators = {operator.name for operator in self._operators()}
        found = [mutant for mutant in every if mutant.operator in operators and self._has(mutant.file)]
        found = found if self.is_every else one_of_a_line(found)
        if self.sample is not None:
            found = sample(found, self.sample, self.seed)
        if not found:
            raise Unfit(f"No mutant is selected: {self._reason(target.sources)}.")
        return every, found

    def _operators(self) -> list[Operator]:
        chosen: list[Operator] = []
        for name in self.operators:
            if name not in BY_NAME and name not in GROUPS:
                known = ", ".join([*GROUPS, *BY_NAME])
                raise Unfit(f"There is no operator {name!r}; there are {known}.")
            chosen += [
                each for each in EVERY_OPERATOR if name == each.name or GROUPS.get(name) == each.is_domain
            ]
        return chosen or list(EVERY_OPERATOR)

    def _has(self, file: str) -> bool:
        return not self.files or any(fnmatch(file, pattern) for pattern in self.files)

    def _reason(self, sources: Iterable[str]) -> str:
        if not any(map(self._has, sources)):
            return f"no file is called {' or '.join(self.files)}, only {', '.join(sorted(sources))}"
        return (
            "the operators change nothing in these files"
            if self.sample != 0
            else "a sample of 0 was asked for"
        )


@dataclass(frozen=True, slots=True)
class Results:
    """What became of the selected mutants. ``seconds`` is the time on the wall that this run took."""

    target: str
    sources: Mapping[str, str]
    selection: Selection
    every: list[Mutant]
    mutants: list[Mutant]
    verdicts: Mapping[str, Verdict]
    arguments: Mapping[str, Argument]
    seconds: float
    is_interrupted: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Row:
        """Return the count of all."""
        return row(self.mutants, self.verdicts, self.arguments)

    @property
    def survivors(self) -> list[Mutant]:
        """Return the mutants that nobody noticed, argued ones among them."""
        return survivors(self.mutants, self.verdicts)

    @property
    def unargued(self) -> list[Mutant]:
        """Return the survivors that nobody has argued."""
        return [mutant for mutant in self.survivors if mutant.id not in self.arguments]

    @property
    def problems(self) -> list[str]:
        """Return what is wrong with the list of arguments."""
        return problems(self.arguments, self.every, self.verdicts, self.sources)

    @property
    def is_good(self) -> bool:
        """Return whether all were run, and every survivor is argued."""
        return not (self.unargued or self.problems or self.is_interrupted)

    def by_file(self) -> dict[str, Row]:
        """Return the count of every file."""
        return self._by({mutant.id: mutant.file for mutant in self.mutants})

    def by_operator(self) -> dict[str, Row]:
        """Return the count of every operator, those of the domain first."""
        by_name = self._by({mutant.id: mutant.operator for mutant in self.mutants})
        return {
            operator.name: by_name[operator.name] for operator in EVERY_OPERATOR if operator.name in by_name
        }

    def _by(self, names: Mapping[str, str]) -> dict[str, Row]:
        groups: dict[str, list[Mutant]] = {}
        for mutant in self.mutants:
            groups.setdefault(names[mutant.id], []).append(mutant)
        return {name: row(group, self.verdicts, self.arguments) for name, group in sorted(groups.items())}

"""Our own vault as what is mutated: its contracts compiled, deployed in every market, and compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ringfence.measure.mutation.compared import DifferentialSearch
from ringfence.measure.mutation.edges import edges
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.target import Known, Stillborn, Unfit
from ringfence.measure.mutation.tested import failing_test, tests_of
from ringfence.measure.mutation.verdict import Detection
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import (
    OPTIMISED,
    DoesNotCompile,
    Sources,
    creation_code,
    imported,
    real_sources,
    syntax_trees,
)

CONTRACTS: Final = ("IsolatedMarginVault", "LiquidityPool", "VaultLens", "VaultFactory")
FACTORY: Final = "VaultFactory"
DECLARATIONS: Final = "interfaces/"
SEARCH_SECONDS: Final = 5.0  # for a mutant that no known sequence kills
CHECKED_SECONDS: Final = 2.0  # for every property looking, after that
MADE_SECONDS: Final = 2.0  # for markets that the factory makes
CHECK_SECONDS: Final = 1.0

Codes = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class OurVault:
    """The vault of contracts/, whoever deploys it, and who looks at it."""

    search_seconds: float = SEARCH_SECONDS
    name: str = "IsolatedMarginVault"

    @cached_property
    def sources(self) -> Sources:
        """Return all that is no interface and no mock."""
        return {path: text for path, text in real_sources().items() if not path.startswith(DECLARATIONS)}

    def trees(self) -> Mapping[str, Any]:
        """Return the syntax trees; raises Unfit."""
        try:
            trees = syntax_trees(real_sources())
        except DoesNotCompile as refusal:
            first = str(refusal).strip().replace("\n", " ")
            raise Unfit(f"contracts/ does not compile before anything is mutated: {first}") from None
        return {path: trees[path] for path in self.sources}

    @cached_property
    def unbroken(self) -> Codes:
        """Return the code of every contract."""
        return _codes(real_sources())

    def check(self) -> None:
        """See that nothing is found on the unbroken vault; raises Unfit."""
        found = DifferentialSearch(dict(self.unbroken), seed=1).find(
            edges(), CHECK_SECONDS, CHECK_SECONDS, CHECK_SECONDS
        )
        if found:
            raise Unfit(f"{found.by} is noticed in the unbroken vault: {found.message}")

    def plant(self, mutant: Mutant) -> Codes:
        """Return the code of every contract with the mutant in it; raises Stillborn."""
        try:
            return _codes(mutant.sources(real_sources()))
        except DoesNotCompile as refusal:
            raise Stillborn(str(refusal)) from None

    def find(self, mutant: Mutant, planted: Codes, known: Sequence[Known], seed: int) -> Detection | None:
        """Return the first that notices: a program that is known, a search, the properties, a test."""
        codes = dict(planted)
        others = [name for name in CONTRACTS if name != FACTORY]
        comparison = DifferentialSearch(codes, seed)
        if any(codes[name] != dict(self.unbroken)[name] for name in others):
            found = comparison.find([*edges(), *known], self.search_seconds, CHECKED_SECONDS, MADE_SECONDS)
        else:
            found = comparison.made(MADE_SECONDS)
        return found or self._test(mutant)

    def _test(self, mutant: Mutant) -> Detection | None:
        codes = {name: self._deployed(mutant, name) for name in CONTRACTS if _is_in(mutant, name)}
        return failing_test(codes, tests_of(mutant.file))

    def is_equal_when_deployed(self, mutant: Mutant) -> bool:
        """Return whether the optimiser makes the same of the mutant, in every contract."""
        changed = [name for name in CONTRACTS if _is_in(mutant, name)]
        optimised = {name: creation_code(name, real_sources(), OPTIMISED) for name in changed}
        return all(self._deployed(mutant, name) == optimised[name] for name in changed)

    def _deployed(self, mutant: Mutant, name: str) -> bytes:
        return creation_code(name, mutant.sources(real_sources()), OPTIMISED)


def _codes(sources: Sources) -> Codes:
    return tuple((name, creation_code(name, sources)) for name in CONTRACTS)


def _is_in(mutant: Mutant, name: str) -> bool:
    return mutant.file in imported(f"{name}.sol", real_sources())

"""A vault compiled with marks in its sources, on chains that remember which of them were reached."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from ringfence.engine.comparison import FastComparison
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects.rewriting import Trees, rewriting
from ringfence.measure.coverage.instrument import Instrumentation
from ringfence.measure.coverage.marks import hits_of
from ringfence.measure.coverage.reached import Reached
from ringfence.measure.target import MeasuredTarget
from ringfence.types.errors import AdapterFault
from ringfence.types.market import VaultMarket


class InstrumentedTarget(MeasuredTarget):
    """A vault by its adapter's name; ``comparisons`` are those started so far."""

    def __init__(self, name: str) -> None:
        """Load the adapter and start the vault once; raises AdapterFault."""
        self.instrumentation = Instrumentation()
        self.comparisons: list[FastComparison] = []
        self._chains: list[RevmChain] = []
        with rewriting(self._instrumented):
            super().__init__(name)
        self.system(next(iter(self.markets)))
        if not self.instrumentation.points:
            raise AdapterFault(
                f"{name}: none of its contracts is compiled from Solidity here, and coverage needs the"
                " sources: have the adapter make its project with ringfence.evm.projects.solidity(folder)."
            )

    @cached_property
    def code(self) -> str:
        """Return the hash of the vault's own code: its corpus is this one's too."""
        return Target.named(self.name).code

    def chain(self) -> RevmChain:
        """Return a new chain, whose hits count."""
        chain = super().chain()
        self._chains.append(chain)
        return chain

    def system(self, market: str | VaultMarket, chain: Chain | None = None) -> System:
        """Start the vault; raises AdapterFault, CannotStart."""
        with rewriting(self._instrumented):
            return super().system(market, chain)

    def comparison(self, market: str) -> FastComparison | None:
        """Start a comparison, if the vault has one; raises Mismatched."""
        with rewriting(self._instrumented):
            comparison = super().comparison(market)
        if comparison:
            self.comparisons.append(comparison)
        return comparison

    def deployments(self, seed: int) -> Iterator[Sequence[str]]:
        """Deploy vaults of drawn parameters, and yield where each differs from the model."""
        with rewriting(self._instrumented):
            return self.measurements.deployments(self.chain(), seed)

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached so far, on any chain."""
        return frozenset[int]().union(*(hits_of(chain) for chain in self._chains))

    def reached(self) -> Reached:
        """Return what was reached so far."""
        return Reached(self.instrumentation.points, self.instrumentation.texts, self.hits())

    def _instrumented(self, root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
        files = {path: _shown(root / path) for path in sources}
        return self.instrumentation.of(sources, trees(), files)


def _shown(path: Path) -> str:
    """Return a path from here where it is below, else unchanged."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)

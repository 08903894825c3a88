"""A vault that is not ours, compiled with marks in it, under the search that its adapter is tested by."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.guard import Guarded
from ringfence.engine.loading import load
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects.rewriting import Trees, rewriting
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.marks import reached
from ringfence.types.errors import AdapterFault

NOTHING: Final = Violations("none")  # a violation is the campaign's business; here nothing ends a run


class TheirSearch:
    """Runs of random steps, every property looking on, as a campaign makes them."""

    def __init__(self, adapter: str, seed: int) -> None:
        """Compile and start the vault; raises AdapterFault."""
        self.marking = Marking()
        with rewriting(self._marked):
            self._search = Search(Target(load(adapter), adapter), seed, objective=NOTHING)
            self._system = self._search.system(next(iter(self._search.markets)))
        if not self.marking.points:
            raise AdapterFault(
                f"{adapter}: none of its contracts is compiled from Solidity here, and coverage needs the"
                " sources: have the adapter make its project with ringfence.evm.projects.solidity(folder)."
            )

    def run(self) -> int:
        """Play some steps from the vault's opening; raises AdapterFault."""
        result = self._search.run(Budget(1, None))
        if result.fault:
            raise AdapterFault(result.fault)
        return result.steps

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached so far."""
        vault = self._system.vault
        assert isinstance(vault, Guarded)
        chain = vault.bench.chain
        assert isinstance(chain, RevmChain)
        return reached(chain.asked_for())

    def _marked(self, root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
        files = {path: _shown(root / path) for path in sources}
        return self.marking.mark(sources, trees(), files)


def _shown(path: Path) -> str:
    """Return a path from here where it is below, else as it is."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)

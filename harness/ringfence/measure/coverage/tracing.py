"""Which branches a program goes: what an explorer keeps programs for, beside situations."""

from collections.abc import Iterable

from ringfence.engine.target import ANY_SIZE
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.measure.coverage.marked import marked_contracts
from ringfence.measure.coverage.marks import reached
from ringfence.measure.coverage.points import Way
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault


class Traced:
    """A market with marks, for vault alone: whatever the model says of the program has been said before."""

    def __init__(self, setup: MarketSetup) -> None:
        """Deploy and open."""
        self._chain = RevmChain(ANY_SIZE)
        self._vault = IsolatedMarginVault(deploy(Workspace(self._chain), setup, marked_contracts().contracts))
        for step in setup.opening():
            self._vault.apply(step)
        self._mark = self._vault.snapshot()

    def run(self, sequence: CallSequence) -> None:
        """Do a program from the opening on."""
        self._vault.restore(self._mark)
        for step in sequence:
            self._vault.apply(step)

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached since it was deployed, opening included."""
        return reached(self._chain.asked_for())


class BranchTracer:
    """Runs programs again on marked contracts. Whether one is new takes its steps and a millisecond."""

    def __init__(self, setups: Iterable[MarketSetup]) -> None:
        """Compile; raises ArtifactMissing, DoesNotCompile."""
        self._setups = {setup.name: setup for setup in setups}
        self._points = marked_contracts().marking.points
        self._scouts: dict[str, Traced] = {}
        self._known: set[int] = set()

    def new(self, market: str, sequence: CallSequence) -> frozenset[Way]:
        """Return the ways that a program goes and no program before it went, in any market."""
        if market not in self._scouts:
            self._scouts[market] = Traced(self._setups[market])
        scout = self._scouts[market]
        scout.run(sequence)
        found = scout.hits() - self._known
        self._known |= found
        return self._ways(found)

    def all(self, market: str, sequence: CallSequence) -> frozenset[Way]:
        """Return all ways that a program goes, those of the opening included."""
        alone = Traced(self._setups[market])
        alone.run(sequence)
        return self._ways(alone.hits())

    def _ways(self, hits: Iterable[int]) -> frozenset[Way]:
        points = (self._points[number] for number in hits)
        return frozenset(point for point in points if isinstance(point, Way))

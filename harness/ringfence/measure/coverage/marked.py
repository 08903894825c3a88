"""Our own contracts with marks in them, in the place of those that are compiled for use."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from ringfence.engine.arena import Pair
from ringfence.engine.contest import Contest
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.marks import reached
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts
from ringfence.vaults.isolated_margin.fast import DirectMarket
from ringfence.vaults.isolated_margin.fast.subject import OwnVault
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import creation_code, real_sources, syntax_trees

ANY_SIZE: Final = 2**20  # bytes of code: with marks, and not optimised, it is large


@dataclass(frozen=True)
class MarkedContracts:
    """What our sources are compiled to, and what the marks in it stand for."""

    marking: Marking
    contracts: Contracts
    lens: Artifact
    factory: Artifact


@cache
def marked_contracts() -> MarkedContracts:
    """Compile our contracts with marks; raises ArtifactMissing, DoesNotCompile."""
    marking, sources = Marking(), real_sources()
    files = {path: f"contracts/{path}" for path in sources}
    changed = marking.mark(sources, syntax_trees(sources), files)

    def compiled(name: str) -> Artifact:
        return replace(load(name), bytecode=creation_code(name, changed))

    vault, pool = compiled("IsolatedMarginVault"), compiled("LiquidityPool")
    contracts = replace(Contracts.compiled(), vault=vault, pool=pool)
    return MarkedContracts(marking, contracts, compiled("VaultLens"), compiled("VaultFactory"))


class MarkedMarket(DirectMarket):
    """A market whose chain is remembered; the lens is on it too, deployed before."""

    def __init__(self, setup: MarketSetup, made: MarkedContracts) -> None:
        """Deploy and open; raises Difference."""
        self.chain = RevmChain(ANY_SIZE)
        workspace = Workspace(self.chain)
        workspace.deploy(LENS, made.lens)
        super().__init__(workspace, setup, made.contracts)

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points that were reached since the market was deployed."""
        return reached(self.chain.asked_for())


class MarkedVault:
    """Our vault with marks, to be explored: its programs are the ordinary vault's.

    ``markets`` are those started so far.
    """

    def __init__(self) -> None:
        """Compile; raises ArtifactMissing, DoesNotCompile."""
        self.made = marked_contracts()
        self.markets: dict[str, MarkedMarket] = {}
        self._told = OwnVault(self.made.contracts, self.made.lens, ANY_SIZE)

    @property
    def code(self) -> str:
        """Return the ordinary vault's, so that a corpus is good for both."""
        return OwnVault.compiled().code

    def direct(self, setup: MarketSetup) -> MarkedMarket:
        """Start a market to explore; raises Difference."""
        market = self.markets[setup.name] = MarkedMarket(setup, self.made)
        return market

    def pair(self, setup: MarketSetup) -> Pair:
        """Start a market in which a difference is told; raises Divergence."""
        return self._told.pair(setup)

    def contest(self, setup: MarketSetup) -> Contest:
        """Start a market at which every law looks."""
        return self._told.contest(setup)

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached in all markets."""
        return frozenset[int]().union(*(market.hits() for market in self.markets.values()))

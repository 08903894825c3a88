"""Our own contracts with marks in them, in the place of those that are compiled for use."""

from dataclasses import dataclass, replace
from functools import cache

from ringfence.engine.target import ANY_SIZE, Target
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.marks import reached
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin, made_of
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.markets import MARKETS, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import creation_code, real_sources, syntax_trees


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
        """Deploy and open; raises Mismatched."""
        self.chain = RevmChain(ANY_SIZE)
        workspace = Workspace(self.chain)
        workspace.deploy(LENS, made.lens)
        super().__init__(workspace, setup, made.contracts)

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points that were reached since the market was deployed."""
        return reached(self.chain.asked_for())


class MarkedVault:
    """Our vault with marks, as a target: its call sequences are the ordinary vault's.

    ``markets`` are those started so far.
    """

    def __init__(self) -> None:
        """Compile; raises ArtifactMissing, DoesNotCompile."""
        self.made = made = marked_contracts()
        self.markets: dict[str, MarkedMarket] = {}
        adapter = made_of(made.contracts, made.lens)
        members = {
            "comparison": staticmethod(self._started),
            "code": staticmethod(IsolatedMargin.code),  # so that a corpus is good for both
            "markets": MARKETS,
        }
        self.target = Target(type("MarkedVault", (adapter,), members), "isolated-margin")

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached in all markets."""
        return frozenset[int]().union(*(market.hits() for market in self.markets.values()))

    def _started(self, setup: MarketSetup) -> MarkedMarket:
        market = self.markets[setup.name] = MarkedMarket(setup, self.made)
        return market

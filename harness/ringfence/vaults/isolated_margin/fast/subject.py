"""Our own vault, or contracts in its place, as an explorer starts them."""

from dataclasses import dataclass, replace

from ringfence.engine.arena import Pair
from ringfence.engine.contest import Contest
from ringfence.engine.exhibit import code_hash
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.examined import examine
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.pair import start


@dataclass(frozen=True)
class OwnVault:
    """Contracts, and the lens that laws look through. ``code_size_limit`` None: what EIP-170 allows."""

    contracts: Contracts
    lens: Artifact
    code_size_limit: int | None = None

    @staticmethod
    def compiled() -> "OwnVault":
        """Return the vault as it is compiled; raises ArtifactMissing."""
        return OwnVault(Contracts.compiled(), load("VaultLens"))

    @property
    def code(self) -> str:
        """Return the hash of the creation code of vault and pool."""
        return code_hash(self.contracts.creation_code)

    def direct(self, setup: MarketSetup) -> DirectMarket:
        """Start a market to explore; raises Difference."""
        return DirectMarket(Workspace(RevmChain(self.code_size_limit)), setup, self.contracts)

    def pair(self, setup: MarketSetup) -> Pair:
        """Start a market in which a difference is told; raises Divergence."""
        return start(RevmChain(self.code_size_limit), setup, self.contracts)

    def contest(self, setup: MarketSetup) -> Contest:
        """Start a market at which every law looks, its collateral one that can blacklist."""
        contracts = replace(self.contracts, token=load("BlacklistToken"))
        return examine(RevmChain(self.code_size_limit), setup, contracts, self.lens)

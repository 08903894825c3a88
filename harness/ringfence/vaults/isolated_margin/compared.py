"""Our vault and its reference model, compared from the start on: no property but that they are the same."""

from ringfence.engine.system import System
from ringfence.evm.chains.base import Chain
from ringfence.evm.workspace import Workspace
from ringfence.types.moment import Moment
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault


class ComparedVault(System):
    """Our vault next to its reference model; ``do`` raises Violated where they differ."""

    vault: IsolatedMarginVault
    reference: ReferenceVault

    def __init__(self, vault: IsolatedMarginVault, reference: ReferenceVault, setup: MarketSetup) -> None:
        """Carry out the market's opening on two that are in the same state; raises Violated."""
        moment = Moment(reference.market.clock.timestamp, 0, 0, False)
        super().__init__(vault, moment, setup, reference=reference, properties=())
        self.open(setup.opening())
        self.must(self.violations)


def start(chain: Chain, setup: MarketSetup, contracts: Contracts | None = None) -> ComparedVault:
    """Deploy a market on ``chain`` and in the model, and carry out its opening.

    Raises:
        ArtifactMissing: the contracts are not compiled.
        Violated: vault and model differ.
    """
    made = deploy(Workspace(chain), setup, contracts or Contracts.compiled())
    reference = ReferenceVault(setup, deployed_at=made.deployed_at, ready_at=made.ready_at)
    return ComparedVault(IsolatedMarginVault(made), reference, setup)

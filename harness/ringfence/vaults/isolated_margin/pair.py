"""The vault and its model, side by side from the start."""

from ringfence.engine.lockstep import Lockstep
from ringfence.evm.chains.base import Chain
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault


def start(
    chain: Chain, setup: MarketSetup, contracts: Contracts | None = None
) -> Lockstep[IsolatedMarginVault, ReferenceVault]:
    """Deploy a market on ``chain`` and in the model, run its opening steps, and return the two in step.

    Raises:
        ArtifactMissing: the contracts are not compiled.
        Divergence: they disagree from the start.
    """
    deployment = deploy(chain, setup, contracts or Contracts.compiled())
    model = ReferenceVault(setup, deployed_at=deployment.deployed_at, ready_at=deployment.ready_at)
    lockstep = Lockstep(IsolatedMarginVault(deployment), model)
    lockstep.run(setup.opening())
    return lockstep

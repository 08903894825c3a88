"""The vault and its model, side by side from the start."""

from typing import TypeAlias

from ringfence.engine.lockstep import Lockstep
from ringfence.evm.chains.base import Chain
from ringfence.evm.workspace import Workspace
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import Deployment, deploy
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault

OurPair: TypeAlias = Lockstep[IsolatedMarginVault, ReferenceVault]


def start(chain: Chain, setup: MarketSetup, contracts: Contracts | None = None) -> OurPair:
    """Deploy a market on ``chain`` and in the model, run its opening steps, and return the two in step.

    Raises:
        ArtifactMissing: the contracts are not compiled.
        Divergence: they disagree from the start.
    """
    return paired(deploy(Workspace(chain), setup, contracts or Contracts.compiled()))


def paired(deployment: Deployment) -> OurPair:
    """Run the opening steps of a deployed market and of a model of it in step; raises Divergence."""
    setup = deployment.setup
    model = ReferenceVault(setup, deployed_at=deployment.deployed_at, ready_at=deployment.ready_at)
    lockstep = Lockstep(IsolatedMarginVault(deployment), model)
    lockstep.run(setup.opening())
    return lockstep

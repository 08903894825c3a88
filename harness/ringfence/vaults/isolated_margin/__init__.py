"""Our own vault, behind the harness's seam, on any chain."""

from ringfence.vaults.isolated_margin.compared import ComparedVault, start
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import Deployment, deploy
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault

__all__ = ["ComparedVault", "Contracts", "Deployment", "IsolatedMarginVault", "deploy", "start"]

"""Our own vault, behind the harness's seam, on any chain."""

from ringfence.adapters.isolated_margin.contracts import Contracts
from ringfence.adapters.isolated_margin.deployment import Deployment, deploy
from ringfence.adapters.isolated_margin.pair import start
from ringfence.adapters.isolated_margin.vault import IsolatedMarginVault

__all__ = ["Contracts", "Deployment", "IsolatedMarginVault", "deploy", "start"]

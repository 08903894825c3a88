"""Our vault as it is compiled, looked at by every law: what a finding about it is started with."""

from dataclasses import replace

from ringfence.engine.contest import Contest
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Chain
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.examined import examine
from ringfence.vaults.isolated_margin.markets import MarketSetup


def market(chain: Chain, setup: MarketSetup) -> Contest:
    """Deploy a market whose collateral can blacklist and run its opening; raises ArtifactMissing."""
    contracts = replace(Contracts.compiled(), token=load("BlacklistToken"))
    return examine(chain, setup, contracts, load("VaultLens"))

"""Our vault with a bug of the specimens in it, as an adapter: ``broken:market(at the threshold)``."""

from dataclasses import replace

from ringfence.adapters.isolated_margin.contracts import Contracts
from ringfence.adapters.isolated_margin.examined import examine
from ringfence.artifacts import load
from ringfence.chains.base import Chain
from ringfence.contest import Contest
from ringfence.markets import MarketSetup
from ringfence.specimens import specimens
from ringfence.specimens.compiler import creation_code


def market(chain: Chain, setup: MarketSetup, specimen: str) -> Contest:
    """Deploy the market of a specimen."""
    sources = next(each for each in specimens() if each.name == specimen).sources()
    vault, pool, lens = (
        replace(load(name), bytecode=creation_code(name, sources))
        for name in ("IsolatedMarginVault", "LiquidityPool", "VaultLens")
    )
    return examine(chain, setup, Contracts(vault, pool, load("BlacklistToken"), load("MockPriceFeed")), lens)

"""Specimens, and the unbroken vault beside them, deployed where every law looks at them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ringfence.adapters.isolated_margin.contracts import Contracts
from ringfence.adapters.isolated_margin.direct.subject import OwnVault
from ringfence.artifacts import Artifact, load
from ringfence.contest import Contest
from ringfence.markets import MARKETS, PLAIN, MarketSetup
from ringfence.specimens.compiler import HASTY, Optimizer, Sources, creation_code

ANY_SIZE: Final = 2**20  # bytes; code that is not optimised is larger than EIP-170 allows
EMPTY: Final = replace(PLAIN, name="empty", liquidity=0)
SETUPS: Final = {setup.name: setup for setup in (*MARKETS, EMPTY)}


def starting(sources: Sources) -> Callable[[MarketSetup], Contest]:
    """Compile vault, pool and lens; return what deploys a market of them, in a chain of its own."""
    return own_vault(sources).contest


def own_vault(sources: Sources, optimizer: Optimizer = HASTY) -> OwnVault:
    """Compile vault, pool and lens; return what starts markets of them, code of any size allowed."""

    def compiled(name: str) -> Artifact:
        return replace(load(name), bytecode=creation_code(name, sources, optimizer))

    contracts = Contracts(
        vault=compiled("IsolatedMarginVault"),
        pool=compiled("LiquidityPool"),
        token=load("MockToken"),
        feed=load("MockPriceFeed"),
    )
    return OwnVault(contracts, compiled("VaultLens"), ANY_SIZE)

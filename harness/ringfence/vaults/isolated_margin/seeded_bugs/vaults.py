"""Specimens, and the unbroken vault beside them, deployed where every law looks at them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ringfence.engine.contest import Contest
from ringfence.evm.artifacts import Artifact, load
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.markets import MARKETS, PLAIN, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import HASTY, Optimizer, Sources, creation_code

ANY_SIZE: Final = 2**20  # bytes; code that is not optimised is larger than EIP-170 allows
EMPTY: Final = replace(PLAIN, name="empty", liquidity=0)
SETUPS: Final = {setup.name: setup for setup in (*MARKETS, EMPTY)}


def vault_of(sources: Sources, optimizer: Optimizer = HASTY) -> OwnVault:
    """Compile vault, pool and lens; return what starts markets of them, each in a chain of its own."""

    def compiled(name: str) -> Artifact:
        return replace(load(name), bytecode=creation_code(name, sources, optimizer))

    contracts = replace(
        Contracts.compiled(),
        vault=compiled("IsolatedMarginVault"),
        pool=compiled("LiquidityPool"),
    )
    return OwnVault(contracts, compiled("VaultLens"), ANY_SIZE)


def starting(sources: Sources) -> Callable[[MarketSetup], Contest]:
    """Compile vault, pool and lens; return what deploys a market of them under every law."""
    return vault_of(sources).contest

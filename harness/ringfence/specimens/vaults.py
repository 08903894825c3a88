"""Specimens, and the unbroken vault beside them, deployed where every law looks at them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ringfence.adapters.isolated_margin.contracts import Contracts
from ringfence.adapters.isolated_margin.examined import examine
from ringfence.artifacts import Artifact, load
from ringfence.chains.revm import RevmChain
from ringfence.contest import Contest
from ringfence.markets import MARKETS, PLAIN, MarketSetup
from ringfence.specimens.compiler import Sources, creation_code

ANY_SIZE: Final = 2**20  # bytes; code that is not optimised is larger than EIP-170 allows
EMPTY: Final = replace(PLAIN, name="empty", liquidity=0)
SETUPS: Final = {setup.name: setup for setup in (*MARKETS, EMPTY)}


def starting(sources: Sources) -> Callable[[MarketSetup], Contest]:
    """Compile vault, pool and lens; return what deploys a market of them, in a chain of its own."""
    contracts = Contracts(
        vault=_compiled("IsolatedMarginVault", sources),
        pool=_compiled("LiquidityPool", sources),
        token=load("BlacklistToken"),
        feed=load("MockPriceFeed"),
    )
    lens = _compiled("VaultLens", sources)
    return lambda setup: examine(RevmChain(ANY_SIZE), setup, contracts, lens)


def _compiled(name: str, sources: Sources) -> Artifact:
    return replace(load(name), bytecode=creation_code(name, sources))

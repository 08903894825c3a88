"""Arenas to run machines in: the vault against its model, or the model against itself."""

import pytest
from ringfence.engine.arena import Arena
from ringfence.evm.chains.revm import RevmChain
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.markets import MARKETS

from tests.machine.mirrors import mirrored


@pytest.fixture
def arena() -> Arena:
    """Give all markets, each with the compiled vault on a chain of its own."""
    return Arena(lambda setup: start(RevmChain(), setup), MARKETS)


@pytest.fixture
def mirrors() -> Arena:
    """Give all markets, each with a second model in the vault's place."""
    return Arena(mirrored, MARKETS)

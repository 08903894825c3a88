"""Vault and model in process, in the standard market."""

import pytest
from ringfence.evm.chains.revm import RevmChain
from ringfence.vaults.isolated_margin import ComparedVault, start
from ringfence.vaults.isolated_margin.markets import STANDARD


@pytest.fixture
def compared() -> ComparedVault:
    """Give the two at the start of the standard market."""
    return start(RevmChain(), STANDARD)

"""Vault and model in process, in the standard market."""

import pytest
from ringfence.engine.lockstep import Lockstep
from ringfence.evm.chains.revm import RevmChain
from ringfence.vaults.isolated_margin import IsolatedMarginVault, start
from ringfence.vaults.isolated_margin.markets import STANDARD
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault


@pytest.fixture
def lockstep() -> Lockstep[IsolatedMarginVault, ReferenceVault]:
    """Give the two at the start of the standard market."""
    return start(RevmChain(), STANDARD)

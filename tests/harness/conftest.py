"""Vault and model in process, in the standard market."""

import pytest
from ringfence.adapters.isolated_margin import IsolatedMarginVault, start
from ringfence.chains.revm import RevmChain
from ringfence.lockstep import Lockstep
from ringfence.markets import STANDARD
from ringfence.reference import ReferenceVault


@pytest.fixture
def lockstep() -> Lockstep[IsolatedMarginVault, ReferenceVault]:
    """Give the two at the start of the standard market."""
    return start(RevmChain(), STANDARD)

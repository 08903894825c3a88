"""The reference model as a vault to try things on: faster than a vault on a chain."""

from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault


def opened(setup: MarketSetup) -> ReferenceVault:
    """Return the reference model just after a market's opening."""
    vault = ReferenceVault(setup, deployed_at=1_000, ready_at=2_000)
    for step in setup.opening():
        vault.apply(step)
    return vault

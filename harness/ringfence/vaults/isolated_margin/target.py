"""Our vault under test, compiled."""

from ringfence.engine.target import Target
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin


def our_vault() -> Target:
    """Return it."""
    return Target(IsolatedMargin, "isolated-margin")

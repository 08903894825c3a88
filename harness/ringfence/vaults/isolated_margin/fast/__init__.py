"""A market straight on revm: calldata in, words out, compared with what the model says they must be."""

from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.fast.subject import OwnVault

__all__ = ["DirectMarket", "OwnVault"]

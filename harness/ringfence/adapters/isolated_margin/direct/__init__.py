"""A market straight on revm: calldata in, words out, compared with what the model says they must be."""

from ringfence.adapters.isolated_margin.direct.market import DirectMarket
from ringfence.adapters.isolated_margin.direct.subject import OwnVault

__all__ = ["DirectMarket", "OwnVault"]

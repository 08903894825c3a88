"""A seeded bug of our vault, compiled as the real vault is."""

from dataclasses import dataclass
from functools import cache

from ringfence.engine.target import Target
from ringfence.evm.artifacts import Artifact
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.markets import EMPTY, MARKETS, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import OPTIMISED, real_sources


def setups_of(seeded: SeededBug) -> list[MarketSetup]:
    """Return the markets that a seeded bug is looked for in."""
    known = {setup.name: setup for setup in (*MARKETS, EMPTY)}
    return [known[name] for name in seeded.markets]


@dataclass(frozen=True)
class Compiled:
    """The contracts of a vault with a bug."""

    contracts: Contracts

    @property
    def lens(self) -> Artifact:
        """Return its lens."""
        return self.contracts.lens

    @property
    def target(self) -> Target:
        """Return the vault as our search takes it."""
        return Target(IsolatedMargin.of(self.contracts))


@cache
def compiled(seeded: SeededBug) -> Compiled:
    """Return a seeded bug's contracts, optimised; the collateral is one that can blacklist."""
    sources = seeded.sources() if seeded.edits else real_sources()
    return Compiled(Contracts.of(sources, OPTIMISED).with_blacklist)

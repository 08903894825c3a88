"""The vaults of the comparison: some seeded bugs of every kind, compiled as the real vault is."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from ringfence.engine.target import Target
from ringfence.evm.artifacts import Artifact
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.markets import EMPTY, MARKETS, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import USUAL_MARKETS, SeededBug, seeded_bugs
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import OPTIMISED, real_sources

HONEST: Final = SeededBug("honest vault", "", "", 0, USUAL_MARKETS, ())
CHOSEN: Final = (
    "anyone removes margin",
    "the most negative size",
    "loop over all positions",
    "profit from other positions' collateral",
    "collected but still owed",
    "no close while paused",
    "claim needs a price",
    "caller's position instead of the victim's",
    "deficit shared by all margins",
    "requirement of the whole side",
    "deficit in the side's index",
    "at the threshold",
    "requirement rounded down",
    "price of a short",
    "worse than before",
    "twice too much",
    "reward from insurance without a cap",
    "unrealised gain counted",
    "margin removed before carry",
    "indices rounded down",
    "deleveraged whole",
    "deposits buy into losses",
    "cost rounded down",
    "settled with the other side's index",
)
PLAIN_APE_TOO: Final = (
    "anyone removes margin",
    "profit from other positions' collateral",
    "no close while paused",
    "caller's position instead of the victim's",
    "at the threshold",
)


def chosen() -> list[SeededBug]:
    """Return the seeded bugs that every tool but plain Ape is given."""
    named = {seeded.name: seeded for seeded in seeded_bugs()}
    return [named[name] for name in CHOSEN]


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

"""The vaults of the comparison: some specimens of every kind, compiled as the real vault is."""

from dataclasses import replace
from functools import cache
from typing import Final

from ringfence.evm.artifacts import load
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import USUAL_MARKETS, Specimen, specimens
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import OPTIMISED, real_sources
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import SETUPS, vault_of

HONEST: Final = Specimen("honest vault", "", "", 0, USUAL_MARKETS, ())
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


def chosen() -> list[Specimen]:
    """Return the specimens that every tool but plain Ape is given."""
    named = {specimen.name: specimen for specimen in specimens()}
    return [named[name] for name in CHOSEN]


def setups_of(specimen: Specimen) -> list[MarketSetup]:
    """Return the markets that a specimen is looked for in."""
    return [SETUPS[name] for name in specimen.markets]


@cache
def compiled(specimen: Specimen) -> OwnVault:
    """Return a specimen's contracts, optimised; the collateral is one that can blacklist, for every tool."""
    vault = vault_of(specimen.sources() if specimen.edits else real_sources(), OPTIMISED)
    return replace(vault, contracts=replace(vault.contracts, token=load("BlacklistToken")))

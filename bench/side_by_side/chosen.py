"""Our own vault: some seeded bugs of every kind."""

from typing import Final

from ringfence.vaults.isolated_margin.seeded_bugs import USUAL_MARKETS, SeededBug, seeded_bugs

from bench.side_by_side.compiled import compiled
from bench.side_by_side.given import given
from bench.side_by_side.subject import FORGE, OURS, PLAIN, Case, Subject

OUR_VAULT: Final = "isolated-margin"
DEPTH: Final = 32
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


def our_vault() -> Subject:
    """Return our vault as a subject."""
    return Subject(
        OUR_VAULT, "isolated_margin", DEPTH, _case(HONEST), tuple(_case(seeded) for seeded in chosen())
    )


def _case(seeded: SeededBug) -> Case:
    return Case(
        OUR_VAULT,
        seeded.name,
        seeded.property_id,
        lambda: compiled(seeded).target,
        lambda is_bare: given(seeded, is_bare=is_bare),
        dict,
        (OURS, FORGE, PLAIN) if seeded.name in PLAIN_APE_TOO else (OURS, FORGE),
        seeded.markets,
    )

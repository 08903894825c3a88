"""How a specimen is hunted: for its first catch, and then for a short program."""

from typing import Final

from ringfence.engine.hunt import Catch, Hunt
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import SETUPS, starting

MOST_SECONDS: Final = 30.0
MORE_SECONDS: Final = 8.0  # after the first catch, for a shorter program


def catches(specimen: Specimen, seed: int) -> list[Catch]:
    """Return what breaks the specimen's law: the first program, then others until one is short enough."""
    hunt = Hunt(starting(specimen.sources()), [SETUPS[name] for name in specimen.markets], seed)
    found: list[Catch] = []
    for catch in hunt.catches(specimen.law, MOST_SECONDS):
        found.append(catch)
        if len(catch.program) <= specimen.steps or catch.seconds > found[0].seconds + MORE_SECONDS:
            break
    return found


def shortest(found: list[Catch]) -> Catch:
    """Return the catch with the shortest program."""
    return min(found, key=lambda catch: len(catch.program))

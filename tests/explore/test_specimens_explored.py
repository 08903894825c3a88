"""The explorer finds planted bugs, and the laws that they break are named."""

import pytest
from ringfence.engine.explorer import Explorer
from ringfence.engine.naming import named
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen, specimens
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import SETUPS, vault_of

SEED = 1
STEPS = 60_000
FAST = ("claimed again and again", "open interest falls by the whole")
UNSEEN = {  # what neither an outcome nor an event nor the state tells
    "loop over all positions": "only the gas that is used",
    "price of a long by its first margin": "only what the lens answers",
    "price of a short": "only what the lens answers",
}


def found_in(specimen: Specimen) -> frozenset[str]:
    """Return the laws that a specimen's first difference breaks, ``MODEL`` if no other; none if not found."""
    vault = vault_of(specimen.sources())
    explorer = Explorer([SETUPS[name] for name in specimen.markets], SEED, subject=vault)
    found = explorer.run(steps=STEPS).disagreements
    if not found:
        return frozenset()
    caught = named(vault, SETUPS[found[0].market], found[0], SEED)
    return frozenset({caught.law, *caught.also} if caught else {"MODEL"})


def specimen_named(name: str) -> Specimen:
    """Return a specimen."""
    return next(specimen for specimen in specimens() if specimen.name == name)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.property(specimen_named(name).law)) for name in FAST]
)
def test_explorer__planted_bug__is_found_and_its_law_named(name: str) -> None:
    """A difference leads to a short program that breaks the law which the bug is planted for."""
    specimen = specimen_named(name)
    assert specimen.law in found_in(specimen)


@pytest.mark.slow
@pytest.mark.parametrize(
    "specimen",
    [pytest.param(each, id=each.name, marks=pytest.mark.property(each.law)) for each in specimens()],
)
def test_explorer__every_planted_bug__is_found_or_listed(specimen: Specimen) -> None:
    """What the comparison can't see is listed with the reason; all else is found."""
    assert bool(found_in(specimen)) != (specimen.name in UNSEEN)

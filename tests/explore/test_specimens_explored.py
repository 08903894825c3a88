"""A search that only compares finds seeded bugs, and the properties that they violate are named."""

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen, specimens
from ringfence.vaults.isolated_margin.seeded_bugs.searching import target_of

SEED = 1
STEPS = 60_000
FAST = ("claimed again and again", "open interest falls by the whole")
UNSEEN = {  # what neither an outcome nor an event nor the state tells
    "loop over all positions": "only the gas that is used",
    "price of a long by its first margin": "only what the lens answers",
    "price of a short": "only what the lens answers",
}


def found_in(specimen: Specimen) -> frozenset[str]:
    """Return the properties that a bug's first finding violates, ``MODEL`` if no other; none if not found."""
    search = Search(target_of(specimen), SEED, markets=specimen.markets, is_checked=False)
    found = search.run(Budget(None, None, STEPS)).finding
    return frozenset({found.law or MODEL, *found.also}) if found else frozenset()


def specimen_named(name: str) -> Specimen:
    """Return a seeded bug."""
    return next(specimen for specimen in specimens() if specimen.name == name)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.property(specimen_named(name).law)) for name in FAST]
)
def test_search__seeded_bug__is_found_and_its_property_named(name: str) -> None:
    """A mismatch leads to a short sequence that violates the property which the bug is seeded for."""
    specimen = specimen_named(name)
    assert specimen.law in found_in(specimen)


@pytest.mark.slow
@pytest.mark.parametrize(
    "specimen",
    [pytest.param(each, id=each.name, marks=pytest.mark.property(each.law)) for each in specimens()],
)
def test_search__every_seeded_bug__is_found_or_listed(specimen: Specimen) -> None:
    """What the comparison can't see is listed with the reason; all else is found."""
    assert bool(found_in(specimen)) != (specimen.name in UNSEEN)

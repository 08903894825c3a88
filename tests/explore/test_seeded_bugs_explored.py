"""A search that only compares finds seeded bugs, and the properties that they violate are named."""

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug, seeded_bugs
from ringfence.vaults.isolated_margin.seeded_bugs.searching import target_of

SEEDS = (1, 2, 3)
STEPS = 60_000  # of each seed, until one finds it
FAST = ("claimed again and again", "collected but still owed")
UNSEEN = {  # what neither an outcome nor an event nor the state tells
    "loop over all positions": "only the gas that is used",
    "price of a long by its first margin": "only what the lens answers",
    "price of a short": "only what the lens answers",
}


def found_in(seeded: SeededBug) -> frozenset[str]:
    """Return the properties that a bug's first finding violates, ``MODEL`` if no other; none if not found."""
    for seed in SEEDS:
        search = Search(target_of(seeded), seed, markets=seeded.markets, is_checked=False)
        found = search.run(Budget(None, None, STEPS)).finding
        if found:
            return frozenset({found.property_id or MODEL, *found.also})
    return frozenset()


def seeded_bug_named(name: str) -> SeededBug:
    """Return a seeded bug."""
    return next(seeded for seeded in seeded_bugs() if seeded.name == name)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.property(seeded_bug_named(name).property_id)) for name in FAST],
)
def test_search__seeded_bug__is_found_and_its_property_named(name: str) -> None:
    seeded = seeded_bug_named(name)
    assert seeded.property_id in found_in(seeded)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seeded",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.property(each.property_id))
        for each in seeded_bugs()
    ],
)
def test_search__every_seeded_bug__is_found_or_listed(seeded: SeededBug) -> None:
    assert bool(found_in(seeded)) != (seeded.name in UNSEEN)

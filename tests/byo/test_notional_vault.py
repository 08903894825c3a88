"""The example that is not of our kind: clean as it is, each seeded bug found by the property that must."""

from pathlib import Path
from typing import Any

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.loading import load
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.sources import Edit, edited

EXAMPLE = Path(__file__).parents[2] / "examples" / "notional-vault"
BUGS = (
    "MissingOwnerCheck",
    "LossTakenFromTheOtherSide",
    "LiquidatableAtMaintenance",
    "ProfitPaidTwice",
    "SpreadForTheTrader",
    "OpenInterestOfTheOtherSide",
)
MOST_STEPS = 5
MOST_LINES = 100


@pytest.fixture(scope="module")
def whole() -> Any:
    """Give the adapter of the vault without a bug."""
    return load(f"{EXAMPLE / 'adapter.py'}:NotionalVault")


def test_adapter__is_short() -> None:
    """One file of at most 100 lines is all that a very different vault needs."""
    assert len((EXAMPLE / "adapter.py").read_text().splitlines()) <= MOST_LINES


def test_search__whole_vault__is_clean(whole: Any) -> None:
    """Every property that applies was put to the test, all storage is seen, and nothing is found."""
    done = Search(Target(whole), seed=1).run(Budget(60, 60))
    assert (done.finding, done.fault, done.unseen, done.untested) == (None, "", {}, [])
    assert done.words_checked > 100


def test_seeded_bugs__names__are_all_tested() -> None:
    assert set(load(f"{EXAMPLE / 'seeded_bugs.py'}:{BUGS[0]}").bugs) == set(BUGS)


@pytest.mark.parametrize("name", BUGS)
def test_search__seeded_bug__is_found_by_its_property(name: str) -> None:
    """The first property that is seen broken is the one that the bug names, in a few steps."""
    broken = Target.named(f"{EXAMPLE / 'seeded_bugs.py'}:{name}")
    found = Search(broken, seed=1).run(Budget(None, 30)).finding
    assert found is not None
    assert found.property_id == broken.adapter.bugs[name].property_id
    assert len(found.sequence) <= MOST_STEPS


@pytest.mark.parametrize("text", ["not there", "i"])
def test_edited__text_not_there_once__is_refused(text: str) -> None:
    with pytest.raises(ProjectError, match="and not once"):
        edited({"A.sol": "i i"}, [Edit("A.sol", text, "")])

"""The example that is not of our kind: sound, and each seeded bug found by the property that must."""

from pathlib import Path

import pytest
from ringfence.engine.loading import load
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.sources import Edit, edited

from tests.byo.searches import found_in, searched

EXAMPLE = Path(__file__).parents[2] / "examples" / "notional-vault"
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:MissingOwnerCheck").bugs
MOST_STEPS = 5
MOST_LINES = 100


def test_adapter__is_short() -> None:
    assert len((EXAMPLE / "adapter.py").read_text().splitlines()) <= MOST_LINES


def test_search__whole_vault__is_clean() -> None:
    done = searched(f"{EXAMPLE / 'adapter.py'}:NotionalVault", 60)
    assert (done.finding, done.fault, done.unseen, done.untested) == (None, "", {}, [])
    assert done.words_checked > 100


@pytest.mark.parametrize("name", BUGS)
def test_search__seeded_bug__is_found_by_its_property(name: str) -> None:
    found = found_in(f"{EXAMPLE / 'seeded_bugs.py'}:{name}", only=BUGS[name].property_id)
    assert len(found.sequence) <= MOST_STEPS


@pytest.mark.parametrize("text", ["not there", "i"])
def test_edited__text_not_there_once__is_refused(text: str) -> None:
    with pytest.raises(ProjectError, match="and not once"):
        edited({"A.sol": "i i"}, [Edit("A.sol", text, "")])

"""Seeded bugs are our own sources with one bug each."""

import pytest
from ringfence.engine.system import MODEL
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.sources import Edit
from ringfence.properties import BY_ID
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug, seeded_bugs


@pytest.mark.parametrize(
    "seeded",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.property(each.property_id))
        for each in seeded_bugs()
    ],
)
def test_edits__of_every_seeded_bug__match_once(seeded: SeededBug) -> None:
    assert seeded.sources() != SeededBug("unbroken", "ISO-1", "", 0, (), ()).sources()


def test_names__of_seeded_bugs__are_unique() -> None:
    names = [seeded.name for seeded in seeded_bugs()]
    assert len(names) == len(set(names))


def test_properties__of_all_seeded_bugs__are_all_that_there_are() -> None:
    assert {seeded.property_id for seeded in seeded_bugs()} == {*BY_ID, MODEL}


@pytest.mark.parametrize("text", ["no such text", "return"])
def test_sources__with_a_text_that_is_not_there_once__are_refused(text: str) -> None:
    edit = Edit("libraries/TradeMath.sol", text, "")
    with pytest.raises(ProjectError, match="found"):
        SeededBug("misplaced", "ISO-1", "", 0, (), (edit,)).sources()

"""Specimens are our own sources with one bug each."""

import pytest
from ringfence.engine.system import MODEL
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.sources import Edit
from ringfence.properties import BY_ID
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen, specimens


@pytest.mark.parametrize(
    "specimen",
    [pytest.param(each, id=each.name, marks=pytest.mark.property(each.law)) for each in specimens()],
)
def test_edits__of_every_specimen__match_once(specimen: Specimen) -> None:
    """Every text to be replaced is in the sources, and nowhere else in its file."""
    assert specimen.sources() != Specimen("unbroken", "ISO-1", "", 0, (), ()).sources()


def test_names__of_specimens__are_unique() -> None:
    """A name says which specimen is meant."""
    names = [specimen.name for specimen in specimens()]
    assert len(names) == len(set(names))


def test_laws__of_all_specimens__are_all_that_there_are() -> None:
    """Every law has a bug that it must catch, and so has the comparison with the model."""
    assert {specimen.law for specimen in specimens()} == {*BY_ID, MODEL}


@pytest.mark.parametrize("text", ["no such text", "return"])
def test_sources__with_a_text_that_is_not_there_once__are_refused(text: str) -> None:
    """A bug that is not planted is not taken for one."""
    edit = Edit("libraries/TradeMath.sol", text, "")
    with pytest.raises(ProjectError, match="found"):
        Specimen("misplaced", "ISO-1", "", 0, (), (edit,)).sources()

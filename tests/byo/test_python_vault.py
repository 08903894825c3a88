"""An adapter of two methods, on no chain: searched, compared, shrunk, whatever it can't do."""

import pytest
from ringfence.engine.canary import Canaries
from ringfence.engine.system import MODEL
from ringfence.report.search_tables import problems
from ringfence.types.kinds import Kind

from tests.byo.paper_vault import Compared, Generous, Overwriting, PaperVault, Patient
from tests.byo.searches import found_in, searched

RUNS = 60


@pytest.mark.parametrize("adapter", [PaperVault, Compared])
def test_search__no_way_back__nothing_found(adapter: type[PaperVault]) -> None:
    """A vault that can't be rewound is made anew and its steps are repeated, by a reference too."""
    done = searched(adapter, RUNS)
    assert (done.finding, done.fault, done.steps > RUNS) == (None, "", True)
    assert done.canaries == Canaries(violation=True, comparison=True if adapter is Compared else None)


def test_search__whose_comparison_tells_nothing__is_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """When comparing itself is broken, a state that is one token off passes, and the search is not clean."""
    monkeypatch.setattr("ringfence.engine.system.System.differences", lambda *_: ())
    done = searched(Compared, RUNS)
    assert (done.is_clean, done.canaries.comparison) == (False, False)
    assert any("one token off" in message for message in problems(done))


def test_search__a_vault_that_leaves_its_reference__one_step() -> None:
    """The first difference is found without any property, and shrunk to the open that makes it."""
    found = found_in(Generous, only=MODEL)
    (step,) = found.sequence
    assert step.action.kind is Kind.OPENS
    assert "accounts" in found.first_difference.field


def test_search__opens_that_wait__nothing_found() -> None:
    """A position has the number of its request, and is there once that is executed."""
    done = searched(Patient, RUNS)
    assert done.finding is None
    assert done.stats.outcomes["Execute", "done"] > 0


def test_search__an_execution_that_touches_another_position__four_steps() -> None:
    found = found_in(Overwriting)
    assert found.property_id == "ISO-1"
    names = [step.action.name for step in found.sequence]
    assert names in (["Open", "Execute", "Open", "Execute"], ["Open", "Open", "Execute", "Execute"])

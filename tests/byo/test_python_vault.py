"""An adapter of two methods, on no chain: searched, compared, shortened, whatever it can't do."""

import pytest
from ringfence.engine.canary import Canaries
from ringfence.engine.search import Search
from ringfence.report.search_tables import complaints
from ringfence.vaults.isolated_margin.actions import Open

from tests.byo.paper_vault import Compared, Execute, Generous, Overwriting, PaperVault, Patient

RUNS = 60
SECONDS = 30


def test_search__two_methods_and_no_way_back__nothing_found() -> None:
    """A vault that can't be rewound is made anew and its steps are done again."""
    done = Search(PaperVault, seed=1).run(SECONDS, RUNS)
    assert (done.caught, done.fault, done.steps > RUNS) == (None, None, True)


def test_search__a_reference_that_agrees__nothing_found() -> None:
    """Vault and reference are compared after every step."""
    done = Search(Compared, seed=1).run(SECONDS, RUNS)
    assert (done.caught, done.canaries) == (None, Canaries(law=True, comparison=True))


def test_search__whose_comparison_tells_nothing__is_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """When comparing itself is broken, a state that is one token off passes, and the search is not clean."""
    monkeypatch.setattr("ringfence.engine.search.differences", lambda *_: ())
    done = Search(Compared, seed=1).run(SECONDS, RUNS)
    assert (done.is_clean, done.canaries.comparison) == (False, False)
    assert any("one token off" in complaint for complaint in complaints(done))


def test_search__a_vault_that_leaves_its_reference__one_step() -> None:
    """The first difference is found without any law, and shortened to the open that makes it."""
    caught = Search(Generous, seed=1, law="MODEL").run(SECONDS).caught
    assert caught is not None
    (step,) = caught.program
    assert isinstance(step.action, Open)
    assert "accounts" in caught.complaint


def test_search__opens_that_wait__nothing_found() -> None:
    """A position has the number of its request, and is there once that is executed."""
    done = Search(Patient, seed=1).run(SECONDS, RUNS)
    assert done.caught is None
    assert done.outcomes["Execute", "done"] > 0


def test_search__an_execution_that_touches_another_position__four_steps() -> None:
    """ISO-1 looks at executions too; dropping an open drops its execution."""
    caught = Search(Overwriting, seed=1).run(SECONDS).caught
    assert caught is not None
    assert caught.law == "ISO-1"
    assert [type(step.action) for step in caught.program] == [Open, Execute, Open, Execute] or [
        type(step.action) for step in caught.program
    ] == [Open, Open, Execute, Execute]

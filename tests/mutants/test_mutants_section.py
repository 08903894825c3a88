"""A search's page shows what became of the mutants, when it is given the matrix."""

import json
from pathlib import Path

import pytest
from ringfence.measure.mutation import matrix
from ringfence.measure.mutation.equivalents import Equivalent
from ringfence.measure.mutation.mutant import one_of_a_line
from ringfence.measure.mutation.run import Results
from ringfence.measure.mutation.selection import Selection
from ringfence.measure.mutation.verdict import Detection, Fate, Verdict
from ringfence.report.html import page
from ringfence.report.mutants import BadMatrix, read
from ringfence.report.summary import Summary

from tests.mutants.paper_target import SOURCES, mutants

SUMMARY = Summary("Paper", {"ringfence": "0"}, 1, (), 1.0, 1, 1, {}, ())


def results() -> Results:
    """Return a run in which one was killed, one survived with an argument, and one without."""
    killed, equivalent, survived = one_of_a_line(mutants())[:3]
    found = Detection("ISO-1", "it was seen", "search", "plain", "[]", ("CUS-1", "ISO-1"))
    verdicts = {
        killed.id: Verdict(killed.id, Fate.KILLED, "", 1.5, found),
        equivalent.id: Verdict(equivalent.id, Fate.SURVIVED, "", 9.0),
        survived.id: Verdict(survived.id, Fate.SURVIVED, "", 9.0),
    }
    reason = Equivalent(equivalent.id, equivalent.change(SOURCES), "Nobody <ever> reads it again.")
    chosen = [killed, equivalent, survived]
    return Results("Paper", SOURCES, Selection(), mutants(), chosen, verdicts, {equivalent.id: reason}, 12.0)


def test_page__given_a_matrix__shows_scores_kill_times_and_survivors(tmp_path: Path) -> None:
    """What is on the page is what was counted."""
    file = tmp_path / "matrix.json"
    matrix.write(results(), file)
    text = page(SUMMARY, read(file))
    assert "1 of 3 mutants were noticed: 33.3 %. A kill took 1.5 s in the median" in text
    assert "Nobody &lt;ever&gt; reads it again." in text
    assert "Not explained." in text
    assert '<td class="name">Paper.sol</td>' in text


def test_page__without_a_matrix__has_no_such_section() -> None:
    """A search alone knows nothing of mutants."""
    assert "<h2>Mutants</h2>" not in page(SUMMARY)


@pytest.mark.parametrize(
    ("text", "reason"), [("{", "no JSON"), (json.dumps({"schema": "x"}), "something else")]
)
def test_matrix__that_is_none__is_refused_in_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    """The file is named, and what writes one."""
    file = tmp_path / "matrix.json"
    file.write_text(text)
    with pytest.raises(BadMatrix, match=reason):
        read(file)

"""A run's matrix, its page of docs/, and the section of a search's page: all show what was counted."""

from pathlib import Path

import pytest
import yaml
from ringfence.measure.mutation import matrix
from ringfence.measure.mutation.equivalents import Equivalent
from ringfence.measure.mutation.mutant import one_of_a_line
from ringfence.measure.mutation.reports import FILES, REASONS, UNREASONED, markdown
from ringfence.measure.mutation.run import Results, Selection
from ringfence.measure.mutation.verdict import Detection, Fate, Verdict
from ringfence.properties import BY_ID
from ringfence.report.html import page
from ringfence.report.mutants import BadMatrix, read
from ringfence.report.summary import Summary

from tests.mutants.paper_target import SOURCES, mutants

SUMMARY = Summary("Paper", {"ringfence": "0"}, 1, (), 1.0, 1, 1, {}, ())


@pytest.fixture
def results() -> Results:
    """Return a run in which one was killed, one survived with an argument, and one without."""
    killed, equivalent, survived = chosen = one_of_a_line(mutants())[:3]
    found = Detection("ISO-1", "it was seen", "search", "plain", "[]", ("CUS-1", "ISO-1"))
    verdicts = {
        killed.id: Verdict(killed.id, Fate.KILLED, "", 1.5, found),
        equivalent.id: Verdict(equivalent.id, Fate.SURVIVED, "", 9.0),
        survived.id: Verdict(survived.id, Fate.SURVIVED, "", 9.0),
    }
    reason = Equivalent(equivalent.id, equivalent.change(SOURCES), "Nobody <ever> reads it again.")
    return Results("Paper", SOURCES, Selection(), mutants(), chosen, verdicts, {equivalent.id: reason}, 12.0)


def test_section__of_a_matrix__shows_scores_times_and_survivors(results: Results, tmp_path: Path) -> None:
    matrix.write(results, tmp_path / "matrix.json")
    text = page(SUMMARY, read(tmp_path / "matrix.json"))
    assert "1 of 3 mutants were noticed: 33.3 %. A kill took 1.5 s in the median" in text
    assert "Nobody &lt;ever&gt; reads it again." in text
    assert "Not explained." in text
    assert '<td class="name">Paper.sol</td>' in text
    assert "<h2>Mutants</h2>" not in page(SUMMARY)


@pytest.mark.parametrize(("text", "reason"), [("{", "no JSON"), ('{"schema": "x"}', "something else")])
def test_matrix__that_is_none__is_refused_in_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "matrix.json"
    file.write_text(text)
    with pytest.raises(BadMatrix, match=reason):
        read(file)


def test_page__of_a_run__shows_scores_survivors_and_why_properties_stay(results: Results) -> None:
    text = markdown(results)
    assert "Score 33.3 %: 1 of 3 that count were noticed" in text
    assert "Nobody <ever> reads it again." in text
    assert "**Not explained.**" in text
    assert UNREASONED not in text
    assert set(yaml.safe_load((FILES / REASONS).read_text())) == set(BY_ID)

"""Properties looking at our own vault, as a search has them do."""

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.canary import Canaries
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.properties import Checker
from ringfence.report.search_tables import problems
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bugs
from ringfence.vaults.isolated_margin.target import our_vault

COMPARED_AND_CHECKED = 800  # steps: the first runs are only compared


def in_standard(target: Target, steps: int) -> SearchResult:
    """Return what a search of the standard market has done."""
    return Search(target, seed=1, markets=("standard",)).run(Budget(None, None, steps))


def test_search__of_our_vault__finds_nothing_and_says_what_it_did_not_ask() -> None:
    done = Search(our_vault(), seed=1, is_compared=False).run(Budget(None, None, 60))
    assert done.finding is None
    assert done.tested["CUS-2"] > 0
    said = [each for each in problems(done) if each.startswith("untested: ")]
    assert said
    assert all(each.endswith(" applies and was never put to the test.") for each in said)


@pytest.mark.property("CUS-2")
def test_search__of_a_vault_with_a_seeded_bug__names_property_and_sequence() -> None:
    bug = next(bug for bug in seeded_bugs() if bug.property_id == "CUS-2")
    target = Target.named(f"isolated-margin({bug.name})")
    done = Search(target, seed=1, markets=("standard",), is_compared=False).run(Budget(None, None, 2_000))
    assert done.finding is not None
    assert (done.finding.property_id, len(done.finding.sequence)) == ("CUS-2", 1)
    assert done.steps < 2_000


def test_search__that_compares_and_checks__sees_both_canaries() -> None:
    assert in_standard(our_vault(), COMPARED_AND_CHECKED).canaries == Canaries(
        violation=True, comparison=True
    )


def test_search__whose_comparison_compares_nothing__says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DirectMarket, "_compare_state", lambda _: None)
    done = in_standard(our_vault(), COMPARED_AND_CHECKED)
    assert done.canaries == Canaries(violation=True, comparison=False)


def test_search__that_sees_no_violation__says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checker, "check_step", lambda *_: [])
    done = in_standard(our_vault(), COMPARED_AND_CHECKED)
    assert done.canaries == Canaries(violation=False, comparison=True)
    sentence = (
        "a canary was not seen, a property that every step breaks: this search would have found nothing"
    )
    assert f"blind: {sentence}." in problems(done)

"""Bugs that need more steps than a run has: found by runs that go on from the ends of earlier ones."""

import pytest
import ringfence as rf
from ringfence.engine import histories
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.target import Target

from tests.byo.clock_vault import ClockVault

ROUNDS = 80
STEPS = 4_000


class Worn(ClockVault):
    """Breaks when it was opened eighty times, which no run of the usual length does."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        return self.send(account, "clock", "open", 5, 7)

    @rf.property_("LONG-1", "Fewer than eighty positions were ever opened.")
    def is_not_worn(self, state: rf.VaultState) -> bool:
        return state.totals["opened"] < ROUNDS


def searched(seed: int) -> SearchResult:
    """Return a search for the one property, by its steps."""
    return Search(Target(Worn), seed, objective=Violations({"LONG-1"})).run(Budget(steps=STEPS))


@pytest.fixture(autouse=True)
def without_shrinking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave findings as they are: to shrink eighty steps takes a minute."""
    monkeypatch.setattr("ringfence.engine.search.shrunk", lambda system, sequence, cause: sequence)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_search__bug_of_eighty_steps__is_found_by_histories(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "AFTER", 500)
    monkeypatch.setattr(histories, "SHARE", 0.5)
    assert searched(seed).finding


@pytest.mark.parametrize("seed", [1, 2])
def test_search__without_histories__does_not_find_it(seed: int) -> None:
    assert histories.AFTER > STEPS
    assert searched(seed).finding is None

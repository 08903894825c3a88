"""A search as a campaign drives it: in steps, by seed, again and again."""

import hashlib
import pickle
import subprocess
import sys

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.vaults.isolated_margin.target import our_vault

STEPS = 1_500
BUDGET = Budget(None, None, STEPS)
PRINTED = "from tests.explore.test_search_by_seed import digest; print(digest())"


def digest() -> str:
    """Return a hash of what a search by one seed does."""
    done = Search(our_vault(), 7).run(BUDGET)
    told = repr((done.steps, done.reached, sorted(done.stats.outcomes.items())))
    return hashlib.sha256(told.encode()).hexdigest()


def test_run__with_a_budget_in_steps__reaches_new_features_and_ends_soon_after() -> None:
    done = Search(our_vault(), 1).run(BUDGET)
    assert STEPS <= done.steps < STEPS + 2_000
    assert 0 < done.stats.checked < done.steps
    assert len(done.reached) > 100
    assert done.entries > 10
    assert not done.findings
    assert pickle.loads(pickle.dumps(done)) == done


def test_run__called_again__goes_on_and_reports_only_what_is_new() -> None:
    search = Search(our_vault(), 1)
    first, second = (search.run(BUDGET) for _ in range(2))
    assert second.reached
    assert not set(first.reached) & set(second.reached)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_run__by_the_same_seed__does_the_same_in_any_process(hash_seed: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-c", PRINTED],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
    )
    assert printed.stdout.strip() == digest()

"""The explorer as a campaign drives it: in steps, by seed, again and again."""

import hashlib
import pickle
import subprocess
import sys

import pytest
from ringfence.engine.explorer import Explorer
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.markets import MARKETS

STEPS = 1_500
DIGEST = f"""
import hashlib
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.engine.explorer import Explorer
from ringfence.vaults.isolated_margin.markets import MARKETS
done = Explorer(MARKETS, 7, subject=OwnVault.compiled()).run(steps={STEPS})
told = repr((done.steps, done.reached, sorted(done.tally.outcomes.items())))
print(hashlib.sha256(told.encode()).hexdigest())
"""


def test_run__with_a_budget_in_steps__reaches_new_situations_and_ends_soon_after() -> None:
    """A budget in steps is kept but for the end of the last run, and what was done can be sent elsewhere."""
    done = Explorer(MARKETS, 1, subject=OwnVault.compiled()).run(steps=STEPS)
    assert STEPS <= done.steps < STEPS + 2_000
    assert len(done.reached) > 100
    assert done.entries > 10
    assert not done.disagreements
    assert pickle.loads(pickle.dumps(done)) == done


def test_run__called_again__goes_on_and_tells_only_what_is_new() -> None:
    """Features are told once in the life of an explorer."""
    explorer = Explorer(MARKETS, 2, subject=OwnVault.compiled())
    first, second = (explorer.run(steps=STEPS) for _ in range(2))
    assert second.reached
    assert not set(first.reached) & set(second.reached)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_run__by_the_same_seed__does_the_same_in_any_process(hash_seed: str) -> None:
    """What is drawn depends on nothing that differs between processes."""
    told = subprocess.run(
        [sys.executable, "-c", DIGEST],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": hash_seed},
    )
    here = Explorer(MARKETS, 7, subject=OwnVault.compiled()).run(steps=STEPS)
    digest = repr((here.steps, here.reached, sorted(here.tally.outcomes.items())))
    assert told.stdout.strip() == hashlib.sha256(digest.encode()).hexdigest()

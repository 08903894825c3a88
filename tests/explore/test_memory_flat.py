"""A long campaign needs no more memory than its corpus takes."""

import gc
from pathlib import Path

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.vaults.isolated_margin.target import our_vault

WARM_UP = 300_000  # the corpus fills: 73 % of what was new in 700,000 steps came before
TURNS = 5
STEPS = 100_000  # of a turn
MOST = 1.10


def resident() -> int:
    """Return the pages of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.slow
def test_search__after_its_corpus_has_filled__takes_no_more_memory() -> None:
    search = Search(our_vault(), 1, is_checked=False)
    search.run(Budget(None, None, WARM_UP))
    pages = [resident()]
    for _ in range(TURNS):
        assert not search.run(Budget(None, None, STEPS)).findings
        pages.append(resident())
        done = WARM_UP + (len(pages) - 1) * STEPS
        print(f"{done:,} steps: {pages[-1] / pages[0]:.3f} of the memory after the warm-up")
    assert max(pages) <= MOST * pages[0]

"""A long campaign needs no more memory than a short one."""

import gc
from pathlib import Path

import pytest
from ringfence.adapters.isolated_margin.direct import OwnVault
from ringfence.explore import Explorer
from ringfence.markets import MARKETS

WARM_UP = 100_000
TURNS = 9
STEPS = 100_000  # of a turn
MOST = 1.10


def resident() -> int:
    """Return the pages of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.slow
def test_explorer__a_million_steps__take_no_more_memory() -> None:
    """After a warm-up the memory stays within a tenth."""
    explorer = Explorer(MARKETS, 1, subject=OwnVault.compiled())
    explorer.run(steps=WARM_UP)
    pages = [resident()]
    for _ in range(TURNS):
        assert not explorer.run(steps=STEPS).disagreements
        pages.append(resident())
        print(f"{len(pages) * STEPS:,} steps: {pages[-1] / pages[0]:.3f} of the memory after the warm-up")
    assert max(pages) <= MOST * pages[0]

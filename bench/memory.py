"""What a campaign of ten minutes takes of memory, minute by minute: ``python -m bench.memory``."""

import gc
from pathlib import Path
from resource import getpagesize
from typing import Final

from rich.progress import track
from rich.table import Table
from ringfence.adapters.isolated_margin.direct import OwnVault
from ringfence.explore import Explorer
from ringfence.markets import MARKETS

MINUTES: Final = 10
FIRST: Final = 10.0  # seconds, after which markets are started and the first programs are kept
MEGABYTE: Final = 10**6


def table() -> Table:
    """Explore, and return what the process has of memory after each minute, beside what it began with."""
    explorer = Explorer(MARKETS, 1, subject=OwnVault.compiled())
    sizes = Table("seconds", "steps", "programs kept", "MB", "times", box=None, pad_edge=False)
    first, seconds, steps = 0.0, 0.0, 0
    for minute in track(range(MINUTES + 1), "memory", transient=True):
        done = explorer.run(seconds=FIRST if minute == 0 else 60 * minute - seconds)
        seconds, steps = seconds + done.seconds, steps + done.steps
        size = resident()
        first = first or size
        sizes.add_row(
            f"{seconds:.0f}", f"{steps:,}", f"{done.entries:,}", f"{size:.1f}", f"{size / first:.3f}"
        )
    return sizes


def resident() -> float:
    """Return the megabytes that this process has in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / MEGABYTE


if __name__ == "__main__":
    from rich import print as show

    show(table())

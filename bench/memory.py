"""What `ringfence campaign` takes of memory in ten minutes: ``python -m bench.memory``."""

import subprocess
import sys
from pathlib import Path
from resource import getpagesize
from time import monotonic, sleep
from typing import Final

from rich.progress import track
from rich.table import Table

MINUTES: Final = 10
FIRST: Final = 10  # seconds, after which all markets are started
COMMAND: Final = ("campaign", "--seed", "1", "--seconds", str(60 * MINUTES + 3 * FIRST))
PROGRAM: Final = Path(sys.executable).with_name("ringfence")
MEGABYTE: Final = 10**6


def table() -> Table:
    """Run a campaign; return what its process has of memory minute by minute, beside what it began with."""
    sizes = Table("seconds", "MB", "times", box=None, pad_edge=False)
    begun, first = monotonic(), 0.0
    with subprocess.Popen([PROGRAM, *COMMAND], stdout=subprocess.DEVNULL) as campaign:
        for minute in track(range(MINUTES + 1), "memory", transient=True):
            sleep(max(0.0, begun + FIRST + 60 * minute - monotonic()))
            size = resident(campaign.pid)
            first = first or size
            sizes.add_row(f"{monotonic() - begun:.0f}", f"{size:.1f}", f"{size / first:.3f}")
    return sizes


def resident(process: int) -> float:
    """Return the megabytes that a process has in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * getpagesize() / MEGABYTE


if __name__ == "__main__":
    from rich import print as show

    show(table())

"""What a second worker brings: ``python -m bench.workers``. Others on the processors make it mean little."""

import os
from typing import Final

from rich.table import Table
from ringfence.engine.result import SearchResult
from ringfence.engine.workers.batches import search
from ringfence.engine.workers.job import Job
from ringfence.engine.workers.processes import ProcessPool

SECONDS: Final = 20.0
WORKERS: Final = (1, 2)


def table() -> Table:
    """Measure, and return steps a second beside those of one worker."""
    title = f"workers, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    columns = ("steps/s", "times", "steps/processor s", "processors had")
    rates = Table(title, *columns, box=None, pad_edge=False)
    one = 0.0
    for workers in WORKERS:
        done = searched(workers)
        rate = done.steps / done.seconds
        one = one or rate
        alone = done.steps / done.processor_seconds
        had = done.processor_seconds / done.seconds
        rates.add_row(str(workers), f"{rate:,.0f}", f"{rate / one:.2f}", f"{alone:,.0f}", f"{had:.2f}")
    return rates


def searched(workers: int) -> SearchResult:
    """Search our vault with N workers; their start is apart."""
    return search(ProcessPool(Job("isolated-margin")), SearchResult(1, workers), seconds=SECONDS)


if __name__ == "__main__":
    from rich import print as show

    show(table())

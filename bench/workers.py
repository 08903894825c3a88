"""What a second worker brings: ``python -m bench.workers``. Others on the processors make it mean little."""

import os
from typing import Final

from rich.table import Table
from ringfence.engine.workers import Job, Joint, search
from ringfence.engine.workers.processes import ProcessCrew
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.markets import MARKETS

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


def searched(workers: int) -> Joint:
    """Search our vault with so many workers; their start is apart."""
    return search(ProcessCrew(Job(OwnVault.compiled(), MARKETS)), workers, seed=1, seconds=SECONDS)


if __name__ == "__main__":
    from rich import print as show

    show(table())

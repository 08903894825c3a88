"""All benches but the long ones, ``bench.memory`` and ``bench.side_by_side``: ``python -m bench``."""

from rich import print as show

from bench import liquidation_index, model, search, shrinking, workers

for bench in (search, workers, model, liquidation_index, shrinking):
    show(bench.table(), "")

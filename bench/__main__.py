"""All benches but the long ones, ``bench.memory`` and ``bench.side_by_side``: ``python -m bench``."""

from rich import print as show

from bench import explorer, liquidation_index, machine, model, shrinking, workers

for bench in (machine, explorer, workers, model, liquidation_index, shrinking):
    show(bench.table(), "")

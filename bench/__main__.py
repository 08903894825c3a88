"""All benches: ``python -m bench``."""

from rich import print as show

from bench import explorer, liquidation_index, machine, model, shrinking, workers

for bench in (machine, explorer, workers, model, liquidation_index, shrinking):
    show(bench.table(), "")

"""All benches: ``python -m bench``."""

from rich import print as show

from bench import liquidation_index, machine, model

for bench in (machine, model, liquidation_index):
    show(bench.table(), "")

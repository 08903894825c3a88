"""All benches: ``python -m bench``."""

from rich import print as show

from bench import explorer, liquidation_index, machine, model

for bench in (machine, explorer, model, liquidation_index):
    show(bench.table(), "")

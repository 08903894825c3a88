"""All benches: ``python -m bench``."""

from rich import print as show

from bench import machine, model

for bench in (machine, model):
    show(bench.table(), "")

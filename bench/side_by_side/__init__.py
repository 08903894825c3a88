"""Vaults under forge's invariant runner, plain Ape with Hypothesis, Wake 5, and ours: who finds what when.

``python -m bench.side_by_side`` runs all of it and writes ``bench/results/side_by_side.md``; with
``--examples`` the vaults of ``examples/``, under forge, Wake and ours, to ``bench/results/examples.md``.
Times are seconds of one core, without compiling and start-up; nobody shrinks what was found.
"""

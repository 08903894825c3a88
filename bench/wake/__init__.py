"""The example vaults as fuzz tests of Wake 5, run by ``python -m bench.side_by_side --examples``.

A vault's file has its flows and invariants, and a mirror of its positions and balances in Python. Wake has an
environment of its own, so nothing here imports the harness.
"""

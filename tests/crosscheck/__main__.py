"""Drawn call sequences in drawn markets, one after the other, on three clients.

``python -m tests.crosscheck STEPS`` begins with the market ``drawn-1``; a second number is another's seed.
"""

import sys
from contextlib import ExitStack
from itertools import count
from time import monotonic
from typing import Final

from ringfence.evm.chains import NAMES, connect
from ringfence.vaults.isolated_margin.drawn import drawn_market

from tests.crosscheck.drawn import drawn
from tests.crosscheck.seen import assert_same

STEPS_A_MARKET: Final = 100


def main(steps: int, first_seed: int = 1) -> None:
    """Compare at least so many steps, and print after each market what was done; the first
    mismatch raises.
    """
    begun, done = monotonic(), 0
    with ExitStack() as stack:
        chains = {name: stack.enter_context(connect(name)) for name in NAMES}
        starts = {name: chain.snapshot() for name, chain in chains.items()}
        for seed in count(first_seed):
            sequence = drawn(drawn_market(seed), seed, STEPS_A_MARKET, shares_blocks=False)
            assert_same(chains, drawn_market(seed), sequence)
            done += len(sequence)
            print(f"drawn-{seed}: {done:,} steps in {monotonic() - begun:.0f} s", flush=True)
            if done >= steps:
                return
            for name, chain in chains.items():
                chain.restore(starts[name])
                starts[name] = chain.snapshot()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

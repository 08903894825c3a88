"""Where transactions go: one protocol, one module per kind of chain. Nothing else imports its library."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ringfence.chains.base import Chain, ChainUnavailable

NAMES: Final = ("revm", "eth-tester", "anvil")


@contextmanager
def connect(name: str) -> Iterator[Chain]:
    """Connect to one of ``NAMES`` for as long as the block lasts; raises ChainUnavailable."""
    if name == "revm":
        from ringfence.chains.revm import RevmChain

        yield RevmChain()
    elif name in NAMES:
        from ringfence.chains.ape_chain import connected

        with connected(name) as chain:
            yield chain
    else:
        raise ChainUnavailable(f"There is no chain {name!r}: choose {', '.join(NAMES)}.")

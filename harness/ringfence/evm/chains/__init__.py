"""Where transactions go: one protocol, one module per kind of chain. Nothing else imports its library."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ringfence.evm.chains.base import Chain, ChainUnavailable
from ringfence.evm.chains.revm import RevmChain

NAMES: Final = ("revm", "eth-tester", "anvil")
SCHEMES: Final = ("http://", "https://")


@contextmanager
def connect(name: str, code_size_limit: int | None = None) -> Iterator[Chain]:
    """Connect to one of ``NAMES``, or to the node at a URL, for as long as the block lasts.

    ``code_size_limit``, in bytes, is for revm; without it code has the size that EIP-170 allows.

    Raises:
        ChainUnavailable: there is no such chain, or it lacks what a chain has to offer.
    """
    if name == "revm":
        yield RevmChain(code_size_limit)
    elif name in NAMES:
        from ringfence.evm.chains.ape_chain import connected

        with connected(name) as chain:
            yield chain
    elif name.startswith(SCHEMES):
        from ringfence.evm.chains.node import node_at

        with node_at(name) as chain:
            yield chain
    else:
        raise ChainUnavailable(
            f"There is no chain {name!r}: choose {', '.join(NAMES)}, or the URL of a development node."
        )

"""The chains that programs are compared on, each connected once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from ringfence.evm.chains import NAMES, connect
from ringfence.evm.chains.base import Chain


@pytest.fixture(scope="session")
def clients() -> Iterator[dict[str, tuple[Chain, object]]]:
    """Give every chain by its name, with a mark of its start."""
    with ExitStack() as stack:
        chains = {name: stack.enter_context(connect(name)) for name in NAMES}
        yield {name: (chain, chain.snapshot()) for name, chain in chains.items()}


@pytest.fixture
def chains(clients: dict[str, tuple[Chain, object]]) -> dict[str, Chain]:
    """Give every chain as it was at its start."""
    for chain, start in clients.values():
        chain.restore(start)
    return {name: chain for name, (chain, _) in clients.items()}

"""The chains that tests compare, each connected once and brought back to its start for every test."""

from collections.abc import Iterator

import pytest
from ringfence.evm.chains import NAMES, connect
from ringfence.evm.chains.base import Chain


@pytest.fixture(scope="session", params=NAMES)
def connected(request: pytest.FixtureRequest) -> Iterator[tuple[Chain, object]]:
    """Give each chain, and a mark of its start."""
    with connect(request.param) as chain:
        yield chain, chain.snapshot()


@pytest.fixture
def chain(connected: tuple[Chain, object]) -> Chain:
    """Give each chain as it was at its start."""
    chain, start = connected
    chain.restore(start)
    return chain

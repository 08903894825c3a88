"""The chains that tests compare, each connected once and brought back to its start for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ringfence.chains import NAMES, connect
from ringfence.chains.base import Chain

PROGRAMS = Path(__file__).resolve().parents[2] / ".tools/bin"


@pytest.fixture(scope="session")
def path_with_anvil() -> None:
    """Find the anvil that ``make setup`` installs, also when pytest is not called through make."""
    os.environ["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="session", params=NAMES)
def connected(request: pytest.FixtureRequest, path_with_anvil: None) -> Iterator[tuple[Chain, object]]:
    """Give each chain, and a mark of its start."""
    with connect(request.param) as chain:
        yield chain, chain.snapshot()


@pytest.fixture
def chain(connected: tuple[Chain, object]) -> Chain:
    """Give each chain as it was at its start."""
    chain, start = connected
    chain.restore(start)
    return chain

"""Nodes and places for every test of operating a market."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operating.crowd import Crowd
from tests.operating.crowd import traded as traded_market
from tests.operating.nodes import Anvil
from tests.operating.site import Site, make_site


@pytest.fixture
def anvil(tmp_path: Path) -> Iterator[Anvil]:
    """Give a node that mines a block for every transaction."""
    node = Anvil(tmp_path / "anvil.json")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def site(anvil: Anvil, tmp_path: Path) -> Site:
    """Give all that a deployment on such a node needs."""
    return make_site(tmp_path, anvil.connect())


@pytest.fixture
def traded(site: Site) -> Crowd:
    """Give a market with a life."""
    return traded_market(site)

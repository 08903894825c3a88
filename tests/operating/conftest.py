"""Nodes and keystores for every test of operating a market."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes import Anvil


@pytest.fixture
def anvil(tmp_path: Path) -> Iterator[Anvil]:
    """Give a node that mines a block for every transaction."""
    node = Anvil(tmp_path / "anvil.json")
    node.start()
    yield node
    node.stop()

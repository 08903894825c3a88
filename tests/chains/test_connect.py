"""A chain that cannot be had is one clear sentence, and a node that was started is ended."""

import os
import sys
from pathlib import Path

import pytest
from ringfence.evm.chains import connect
from ringfence.evm.chains.ape_chain import chain_of
from ringfence.evm.chains.base import ChainUnavailable
from ringfence.types.roles import addresses

EMPTY_CONTRACT = bytes.fromhex("60006000f3")


def anvils() -> set[str]:
    """Return the process ids of every anvil that this process has started."""
    return {
        status.parent.name
        for status in Path("/proc").glob("[0-9]*/status")
        if "Name:\tanvil\n" in (text := status.read_text()) and f"PPid:\t{os.getpid()}\n" in text
    }


def test_connect__to_an_unknown_chain__names_the_known_ones() -> None:
    with pytest.raises(ChainUnavailable, match="choose revm, eth-tester, anvil"), connect("mainnet"):
        pass


def test_connect__without_anvil__says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChainUnavailable, match="make setup"), connect("anvil"):
        pass


def test_connect__without_ape__says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ape", None)
    with pytest.raises(ChainUnavailable, match="pip install"), connect("eth-tester"):
        pass


def test_connect__to_anvil__ends_the_node_afterwards() -> None:
    before = anvils()
    connection = connect("anvil")
    connection.__enter__()
    during = anvils()
    connection.__exit__(KeyError, KeyError(), None)
    assert len(during - before) == 1
    assert anvils() == before


@pytest.mark.parametrize("name", ["eth-tester", "anvil"])
def test_connect__twice_at_once__gives_two_chains_that_end_in_any_order(name: str) -> None:
    outer, inner = connect(name), connect(name)
    first, second = outer.__enter__(), inner.__enter__()
    before = second.timestamp
    first.deploy(EMPTY_CONTRACT, addresses()["owner"])
    assert second.timestamp == before
    outer.__exit__(None, None, None)
    second.deploy(EMPTY_CONTRACT, addresses()["owner"])
    assert second.timestamp == before + 1
    inner.__exit__(None, None, None)


def test_chain_of__a_real_network__is_refused() -> None:
    class Provider:
        name = "node"

    with pytest.raises(ChainUnavailable, match="node is no chain"):
        chain_of(Provider())

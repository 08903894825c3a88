"""Storage by the names of the source: in what a search says, and an adapter waives or reads."""

from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from ringfence.evm.abi.slot_names import Keys, SlotNames
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace, WorkspaceError

from tests.byo.searches import searched
from tests.byo.test_storage_watch import ADAPTER, RUNS, Ageless, Forgetful

WHOLE: Any = rf.load(f"{ADAPTER}:NotionalVault")
SOURCE = """pragma solidity ^0.8.20;
contract Book {
    struct Held { uint128 size; uint128 margin; address owner; }
    uint64 private first = 7; uint64 private second = 9;
    mapping(address owner => mapping(uint256 market => Held)) private held;
    uint32[20] private small;
    Held[] private list;
    mapping(bool isLong => uint256) private sides;
    function put(address owner, uint256 market, uint128 size) external {
        held[owner][market] = Held(size, size + 1, owner);
        list.push(held[owner][market]);
        small[9] = 5;
        sides[true] = 3;
    }
}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with a book of private variables."""
    (tmp_path / "Book.sol").write_text(SOURCE)
    made = Workspace(RevmChain())
    made.deploy("book", rf.solidity(tmp_path)["Book"])
    made.do("owner", "book", "put", "trader_1", 3, 100)
    return made


def test_names__of_changed_words__are_those_of_the_source(workspace: Workspace) -> None:
    assert isinstance(workspace.chain, RevmChain)
    at = workspace.contracts["book"]
    names = workspace.slot_names("book")
    found = {names.name(slot) for slot, word in workspace.chain.touched([at])[at].items() if word}
    assert found == {
        "first, second",
        "held[trader_1][3].size, held[trader_1][3].margin",
        "held[trader_1][3].owner",
        "list.length",
        "list[0].size, list[0].margin",
        "list[0].owner",
        "small[8], small[9], small[10], small[11], small[12], small[13], small[14], small[15]",
        "sides[true]",
    }


def test_variable__private__is_read(workspace: Workspace) -> None:
    assert [workspace.variable("book", name) for name in ("first", "second")] == [7, 9]
    assert workspace.variable("book", "held", "trader_1", 3, member="margin") == 101
    for name, member in (("third", ""), ("held", "size")):
        with pytest.raises(WorkspaceError, match=f"book has no variable {name}: "):
            workspace.variable("book", name, member=member)


def test_names__without_a_layout__are_none() -> None:
    assert SlotNames({}, Keys({}, {})).name(0) is None


class Waiving(Forgetful):  # type: ignore[misc, valid-type]  # loaded by its path
    """Says why it does not show what is reserved."""

    def waived_words(self) -> dict[tuple[str, str], str]:
        """Return variables with reasons."""
        return {("custody", "reserved"): "the pool's business"}


def test_search__waived_variable__is_not_reported() -> None:
    assert searched(Waiving, RUNS).unseen == {}


def test_search__hidden_member_of_a_struct__is_named() -> None:
    done = searched(Ageless, RUNS, only="CUS-1")
    sentences = [str(unseen) for unseen in done.unseen.values()]
    assert all("observe does not show: _positions[trader_" in sentence for sentence in sentences), sentences

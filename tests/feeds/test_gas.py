"""What a guarded read costs, in a transaction of its own: far below what a settlement gives it."""

from collections.abc import Iterator
from typing import Final

import pytest
from ringfence.evm.artifacts import load
from ringfence.evm.chains import connect
from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Value
from ringfence.types.roles import OWNER

from tests.feeds.guarded import DAY, FOLDER, SOURCES

SETTLEMENT_GAS: Final = 500_000
TRANSACTION_GAS: Final = 21_064  # with four bytes that are not zero
LIMIT: Final = 35_000
FEEDS: Final[dict[str, int]] = {"first": 8, "second": 18, "uptime": 0}

pytestmark = pytest.mark.slow  # Ape's start


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    """Yield a chain that meters gas, with a guard and feeds that only read their storage."""
    with connect("eth-tester") as chain:
        made = Workspace(chain)
        for name, decimals in FEEDS.items():
            made.deploy(name, load("MockPriceFeed"), decimals)
        terms: Value = (*FEEDS, 3_600, 0, 10**24, 20_000, DAY, DAY)
        made.deploy("guard", SOURCES["GuardedFeed"], terms)
        yield made


def read_gas(workspace: Workspace, since_up: int, source: str = "guard") -> int:
    """Return the gas of a read within a transaction that has touched no contract before."""
    workspace.do(OWNER, "first", "set", 2_000 * 10**8, workspace.chain.timestamp)
    workspace.do(OWNER, "second", "set", 2_010 * 10**18, workspace.chain.timestamp)
    workspace.do(OWNER, "uptime", "set", 0, workspace.chain.timestamp - since_up)
    words = workspace.do(OWNER, source, "latestRoundData")
    assert isinstance(words, tuple)
    assert words[1] == 2_000 * 10 ** (8 if source == "first" else 18)
    return workspace.gas_used - TRANSACTION_GAS


@pytest.mark.parametrize("since_up", [60, DAY], ids=["in grace", "live"])
def test_read__of_three_feeds__takes_a_tenth_of_a_settlement_s_gas(
    workspace: Workspace, since_up: int
) -> None:
    assert read_gas(workspace, since_up) < LIMIT < SETTLEMENT_GAS / 10


def test_read__by_guard_and_directly__takes_what_the_page_says(workspace: Workspace) -> None:
    """In hundreds of gas."""
    page = (FOLDER / "README.md").read_text()
    for gas in (read_gas(workspace, 60), read_gas(workspace, 60, "first")):
        assert f" {gas // 100 * 100:,} " in page

"""Gas on Ape's chains, measured once for all tests, and the snapshot that it is compared with."""

import pytest
from ringfence.evm.chains import connect

from tests.gas.meter import Gas, metered
from tests.gas.snapshot import Snapshot

FEW, MANY = 1, 1_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``make gas-update`` write the snapshot."""
    parser.addoption("--update-snapshot", action="store_true", help="write the snapshot of gas and sizes")


@pytest.fixture(scope="session")
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Give the committed snapshot."""
    return Snapshot(update=request.config.getoption("--update-snapshot", default=False))


@pytest.fixture(scope="session")
def gas_with_few() -> dict[str, Gas]:
    """Give every transaction's gas on anvil, beside one position."""
    with connect("anvil") as chain:
        return metered(chain, FEW)


@pytest.fixture(scope="session")
def gas_with_many() -> dict[str, Gas]:
    """Give every transaction's gas on anvil, beside a thousand positions."""
    with connect("anvil") as chain:
        return metered(chain, MANY)


@pytest.fixture(scope="session")
def gas_on_eth_tester() -> dict[str, Gas]:
    """Give every transaction's gas on eth-tester, beside one position."""
    with connect("eth-tester") as chain:
        return metered(chain, FEW)

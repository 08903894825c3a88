"""The size of what is deployed, within the limits of Ethereum's mainnet."""

import json
from importlib.resources import files

import pytest
from ringfence.evm import artifacts
from ringfence.evm.abi import AddressBook
from ringfence.evm.abi.interface import inputs_coder
from ringfence.types.roles import OWNER, addresses
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import STEEP

from tests.gas.snapshot import Snapshot

MAX_CODE = 0x6000  # bytes (EIP-170)
MAX_INITCODE = 2 * MAX_CODE  # bytes (EIP-3860)

TOKEN, FEED = OWNER, OWNER  # any address is as long as any other
ARGUMENTS = {
    "IsolatedMarginVault": (market_config(TOKEN, FEED, STEEP), artifacts.load("LiquidityPool").bytecode),
    "LiquidityPool": (TOKEN, STEEP.pool_name, STEEP.pool_symbol),
    "VaultFactory": (bytes(32), bytes(32)),
    "VaultLens": (),
}

pytestmark = pytest.mark.slow


def code_size(contract: str) -> int:
    """Return the bytes of a contract that stay on chain."""
    compiled = json.loads((files(artifacts) / f"{contract}.json").read_text())
    return len(bytes.fromhex(compiled["deployedBytecode"].removeprefix("0x")))


def initcode_size(contract: str) -> int:
    """Return the bytes that deploy a contract, its arguments included; a market's has eight tiers."""
    artifact = artifacts.load(contract)
    inputs = [entry["inputs"] for entry in artifact.abi if entry["type"] == "constructor"]
    coder = inputs_coder(inputs[0] if inputs else (), AddressBook(addresses()))
    return len(artifact.bytecode + coder.encode(ARGUMENTS[contract]))


def test_sizes__of_every_contract__are_the_snapshots(snapshot: Snapshot) -> None:
    snapshot.agrees("code bytes", {contract: code_size(contract) for contract in ARGUMENTS})
    snapshot.agrees("initcode bytes", {contract: initcode_size(contract) for contract in ARGUMENTS})


@pytest.mark.parametrize("contract", ARGUMENTS)
def test_size__of_a_contract__lets_it_be_deployed(contract: str) -> None:
    """EIP-170 and EIP-3860."""
    assert code_size(contract) <= MAX_CODE
    assert initcode_size(contract) <= MAX_INITCODE

"""Sends every transaction on a chain that meters gas, and writes down what each used."""

from dataclasses import dataclass
from typing import Final

from isolated_margin.margin import notional
from ringfence.evm.chains.base import Chain
from ringfence.types.actions import Step
from ringfence.types.outcome import Done
from ringfence.vaults.isolated_margin.rare_events import rare_events

from tests.gas.crowd import ODD, crowded_market
from tests.gas.transactions import Transaction, transactions
from tests.open_market import OpenMarket

ZERO_BYTE_GAS: Final = 4
BYTE_GAS: Final = 16  # EIP-2028


@dataclass(frozen=True, slots=True)
class Gas:
    """What a transaction used, and how much of that its calldata's bytes cost."""

    used: int
    calldata: int

    @property
    def execution(self) -> int:
        """Return the gas that does not depend on the calldata's bytes."""
        return self.used - self.calldata


def metered(chain: Chain, crowd: int) -> dict[str, Gas]:
    """Return the gas of every transaction, beside ``crowd`` positions, each from the same start."""
    market = crowded_market(chain, crowd)
    start = chain.snapshot()
    gas = {}
    for transaction in transactions(crowd + 1):
        chain.restore(start)
        gas[transaction.name] = measure(market, transaction)
    return gas


def measure(market: OpenMarket, transaction: Transaction) -> Gas:
    """Return one transaction's gas; raises AssertionError when it is not what it is called."""
    market.run(tuple(Step(action, 1) for action in transaction.before))
    contract, function, args = market.order(transaction.action)
    calldata = market.calldata(contract, function, *args)
    outcome = market.act(transaction.action)
    assert isinstance(outcome, Done), f"{transaction.name}: {outcome}"
    assert set(rare_events(outcome, tier_of)) == transaction.shows, transaction.name
    return Gas(market.gas_used, calldata_gas(calldata))


def calldata_gas(calldata: bytes) -> int:
    """Return what a transaction pays for its calldata."""
    zeros = calldata.count(0)
    return zeros * ZERO_BYTE_GAS + (len(calldata) - zeros) * BYTE_GAS


def tier_of(size: int, price_wad: int) -> int:
    """Return the index of the tier that a size is in at a price."""
    scale = 10 ** (36 - ODD.collateral_decimals)
    return ODD.parameters.maintenance.tier_of(notional(size, price_wad, scale))

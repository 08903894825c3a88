"""More markets on a stage's chain, made by the factory as anyone would make them."""

from dataclasses import dataclass

from eth_utils.crypto import keccak

from ringfence.types.outcome import Done
from ringfence.types.roles import FUNDED, OWNER
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import INFINITE, MarketSetup
from ringfence.vaults.isolated_margin.stage import Stage


@dataclass(frozen=True, slots=True)
class Market:
    """Where a market's contracts are."""

    token: str
    feed: str
    vault: str
    pool: str


def place_factory(stage: Stage) -> str:
    """Return the address of a factory for the stage's own vault and pool."""
    contracts = stage.contracts
    return stage.place("VaultFactory", keccak(contracts.vault.bytecode), keccak(contracts.pool.bytecode))


def create_market(stage: Stage, factory: str, token: str, feed: str, setup: MarketSetup) -> Market:
    """Return a new market in which every account has tokens and approvals."""
    contracts = stage.contracts
    codes = (contracts.vault.bytecode, contracts.pool.bytecode)
    outcome = stage.do(OWNER, factory, "createMarket", market_config(token, feed, setup), bytes(32), *codes)
    assert isinstance(outcome, Done), outcome
    assert isinstance(outcome.value, tuple)
    vault, pool = map(str, outcome.value)
    stage.know(vault, contracts.vault)
    stage.know(pool, contracts.pool)
    for account in FUNDED:
        stage.do(OWNER, token, "mint", account, setup.tokens)
        for spender in (vault, pool):
            stage.do(account, token, "approve", spender, INFINITE)
    return Market(token, feed, vault, pool)

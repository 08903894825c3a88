"""Puts a market on a chain, with every account's tokens and approvals in place."""

from dataclasses import dataclass

from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Value
from ringfence.types.roles import FEED, GUARDIAN, OWNER, POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts
from ringfence.vaults.isolated_margin.markets import INFINITE, MarketSetup, abi_tuple


@dataclass(frozen=True)
class Deployment:
    """A market on a chain: ``deployed_at`` is the time of the vault's block, ``ready_at`` of the last one."""

    workspace: Workspace
    setup: MarketSetup
    deployed_at: int
    ready_at: int


def deploy(
    workspace: Workspace, setup: MarketSetup, contracts: Contracts, *, with_lens: bool = False
) -> Deployment:
    """Deploy token, feed and vault, one block each, then fund every account; raises WorkspaceError."""
    if with_lens:
        workspace.deploy(LENS, contracts.lens)
    workspace.deploy(TOKEN, contracts.token, setup.collateral_decimals)
    workspace.deploy(FEED, contracts.feed, setup.feed_decimals)
    workspace.deploy(VAULT, contracts.vault, market_config(TOKEN, FEED, setup), contracts.pool.bytecode)
    workspace.creation_code = contracts.creation_code  # neither token nor feed is under test
    deployed_at = workspace.chain.timestamp
    workspace.know(POOL, contracts.pool, str(workspace.read(VAULT, "pool")))
    for account in setup.funded:
        workspace.do(account, TOKEN, "mint", account, setup.tokens)
        for spender in (VAULT, POOL):
            workspace.do(account, TOKEN, "approve", spender, INFINITE)
    return Deployment(workspace, setup, deployed_at, workspace.chain.timestamp)


def market_config(token: str, feed: str, setup: MarketSetup) -> Value:
    """Return what a market is deployed with, as the ABI's struct."""
    return (token, feed, OWNER, GUARDIAN, setup.pool_name, setup.pool_symbol, abi_tuple(setup.parameters))

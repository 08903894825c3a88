"""A deployed market with a life: unlocked accounts of a development node provide, trade and liquidate."""

from dataclasses import dataclass
from typing import Final

from eth_utils.address import to_checksum_address
from isolated_margin.fixed import MAX_PRICE, MAX_UINT256
from ringfence.types.outcome import Value
from ringfence_operations.deploy.sandbox import transact
from ringfence_operations.market.build import POOL, VAULT
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.views import TOKEN, interface

from tests.operating.site import PRICE, Site

TOKENS: Final = 10**6
SIZE: Final = 10**18


@dataclass(frozen=True)
class TradedMarket:
    """A market at a place, and what its accounts can do there."""

    site: Site
    manifest: Manifest

    @property
    def accounts(self) -> list[str]:
        """Return the node's unlocked accounts."""
        return [to_checksum_address(account) for account in self.site.node.ask("eth_accounts")]

    def act(self, account: str, contract: str, name: str, *args: Value) -> None:
        """Send a call of one of the market's contracts, which must not be refused."""
        address = {VAULT: self.manifest.vault, POOL: self.manifest.pool, TOKEN: self.manifest.collateral}[
            contract
        ].address
        receipt = transact(self.site.node, account, address, interface(contract)[name].call(*args))
        assert receipt.ok, (name, args)

    def fund(self, account: str, assets: int) -> None:
        """Give tokens, and let vault and pool take them."""
        self.act(account, TOKEN, "mint", account, assets)
        for spender in (self.manifest.vault.address, self.manifest.pool.address):
            self.act(account, TOKEN, "approve", spender, MAX_UINT256)

    def open(self, account: str, size: int, margin: int) -> None:
        """Open a position of whole base assets and tokens, at any price."""
        limit = MAX_PRICE if size > 0 else 0
        self.act(account, VAULT, "open", size * SIZE, margin * TOKENS, limit, MAX_UINT256)

    def price(self, tokens: int) -> None:
        """Let the feed say a price of whole tokens."""
        self.site.sandbox.set_price(tokens * 10**8)


def trade(site: Site) -> TradedMarket:
    """Deploy a market; give it liquidity, insurance, positions, an operator and a liquidation."""
    manifest = site.run()
    assert manifest is not None
    market = TradedMarket(site, manifest)
    provider, long, short, keeper = market.accounts[1:5]
    for account in (provider, long, short):
        market.fund(account, 2_000_000 * TOKENS)
    market.act(provider, POOL, "deposit", 1_000_000 * TOKENS, provider)
    market.act(provider, VAULT, "fundInsurance", 5_000 * TOKENS)
    market.open(long, 10, 1_200)
    market.open(long, 5, 5_000)
    market.open(short, -8, 4_000)
    market.act(short, VAULT, "setOperator", keeper, True)
    market.price(PRICE // 10**8 * 96 // 100)
    market.act(keeper, VAULT, "liquidate", 1)
    market.act(long, VAULT, "addMargin", 2, 100 * TOKENS)
    return market

"""A deployed market and its crowd: unlocked accounts of a development node provide, trade and liquidate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from eth_utils.address import to_checksum_address
from isolated_margin.fixed import MAX_PRICE, MAX_UINT256
from ringfence.types.outcome import Value
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node

from tests.operating.site import PRICE, Site

TRADERS: Final = 10
GAS: Final = 300_000
PER_BLOCK: Final = 100
TOKENS: Final = 10**6
SIZE: Final = 10**18
RICH: Final = 10**9 * TOKENS

Order: TypeAlias = tuple[str, str, bytes]  # sender, contract's address, data


@dataclass
class Crowd:
    """A market at a site, and 10 accounts that trade there."""

    site: Site
    manifest: Manifest

    def __post_init__(self) -> None:
        self.decoder = Decoder(self.manifest)
        self.accounts = [to_checksum_address(each) for each in self.node.ask("eth_accounts")[:TRADERS]]

    @property
    def node(self) -> Node:
        """Return the node."""
        return self.site.node

    def fund(self, liquidity: int, insurance: int) -> None:
        """Give every account tokens that vault and pool may take; the first fills both, in whole tokens."""
        vault, pool = (self.decoder.addresses[role] for role in (VAULT, POOL))
        self.send([self.order(each, TOKEN, "mint", each.lower(), RICH) for each in self.accounts])
        for spender in (vault, pool):
            self.send([self.order(each, TOKEN, "approve", spender, MAX_UINT256) for each in self.accounts])
        first = self.accounts[0]
        self.act(first, POOL, "deposit", liquidity * TOKENS, first.lower())
        self.act(first, VAULT, "fundInsurance", insurance * TOKENS)

    def open(self, orders: Iterable[tuple[str, int, int]]) -> None:
        """Open positions of (owner, size, margin), raw units, at any price."""
        self.send(
            [
                self.order(owner, VAULT, "open", size, margin, MAX_PRICE if size > 0 else 0, MAX_UINT256)
                for owner, size, margin in orders
            ]
        )

    def price(self, tokens: int) -> None:
        """Let the feed say a price of whole tokens."""
        self.site.sandbox.set_price(tokens * 10**8)

    def act(self, account: str, role: str, name: str, *args: Value) -> None:
        """Send a call of one of the market's contracts, which must succeed."""
        self.send([self.order(account, role, name, *args)])

    def order(self, account: str, role: str, name: str, *args: Value) -> Order:
        """Return a call of one of the market's contracts."""
        return account, self.decoder.addresses[role], self.decoder.interfaces[role][name].call(*args)

    def send(self, orders: Sequence[Order]) -> None:
        """Send transactions and mine them; all must succeed."""
        self.node.ask("evm_setAutomine", False)
        nonces = {account: self.node.nonce(account) for account, _, _ in orders}
        requests = []
        for sender, to, data in orders:
            call = {"from": sender, "to": to_checksum_address(to), "data": "0x" + data.hex()}
            requests.append(call | {"gas": hex(GAS), "nonce": hex(nonces[sender])})
            nonces[sender] += 1
        for start in range(0, len(requests), PER_BLOCK):
            some = requests[start : start + PER_BLOCK]
            sent = self.node.ask_many([("eth_sendTransaction", [request]) for request in some])
            self.node.ask("evm_mine")
            receipts = self.node.receipts([self.node.answered(number) for number in sent])
            assert all(receipt and receipt.ok for receipt in receipts), receipts
        self.node.ask("evm_setAutomine", True)

    def transactions_of(self, sender: str) -> list[dict[str, Any]]:
        """Return every transaction of an account that is in a block, and whether it succeeded."""
        numbers = range(self.node.block().number + 1)
        blocks = self.node.ask_many([("eth_getBlockByNumber", [hex(number), True]) for number in numbers])
        found = [tx for each in blocks for tx in each["transactions"] if tx["from"] == sender.lower()]
        receipts = self.node.receipts([tx["hash"] for tx in found])
        return [tx | {"ok": bool(got and got.ok)} for tx, got in zip(found, receipts, strict=True)]


def deployed(site: Site) -> Crowd:
    """Deploy a market; return it with its crowd."""
    manifest = site.deploy()
    return Crowd(site, manifest)


def traded(site: Site) -> Crowd:
    """Deploy a market; give it liquidity, insurance, positions, an operator and a liquidation."""
    market = deployed(site)
    market.fund(liquidity=1_000_000, insurance=5_000)
    long, short, keeper = market.accounts[2:5]
    orders = ((long, 10, 1_200), (long, 5, 5_000), (short, -8, 4_000))
    market.open((owner, size * SIZE, margin * TOKENS) for owner, size, margin in orders)
    market.act(short, VAULT, "setOperator", keeper.lower(), 1, 2**40)
    market.price(PRICE // 10**8 * 96 // 100)
    market.act(keeper, VAULT, "liquidate", 1)
    market.act(long, VAULT, "addMargin", 2, 100 * TOKENS, long)
    return market

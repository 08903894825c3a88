"""Crowds on a real node: many positions of the node's own accounts, and prices that move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eth_utils.address import to_checksum_address
from isolated_margin.fixed import MAX_PRICE, MAX_UINT256
from ringfence.types.outcome import Value
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.node.views import interface

from tests.operating.site import Site

TRADERS: Final = 10
GAS: Final = 300_000
PER_BLOCK: Final = 100
TOKENS: Final = 10**6
RICH: Final = 10**9 * TOKENS


@dataclass
class Crowd:
    """A market on a node, and the node's own accounts, which sign nothing: 10 traders."""

    node: Node
    manifest: Manifest
    place: Site

    def __post_init__(self) -> None:
        self.decoder = Decoder(self.manifest)
        self.accounts: list[str] = self.node.ask("eth_accounts")[:TRADERS]

    def fund(self, liquidity: int, insurance: int) -> None:
        """Make everybody rich and trusting; the first fills pool and insurance, in whole tokens."""
        token, vault, pool = (self.decoder.addresses[role] for role in (TOKEN, VAULT, POOL))
        mint = interface("MockToken")["mint"]
        approve = interface("MockToken")["approve"]
        orders = [(a, token, mint.call(a.lower(), RICH)) for a in self.accounts]
        orders += [(a, token, approve.call(s, MAX_UINT256)) for a in self.accounts for s in (vault, pool)]
        self.send(orders)
        first = self.accounts[0]
        deposit = self.decoder.interfaces[POOL]["deposit"].call(liquidity * TOKENS, first.lower())
        self.send([(first, pool, deposit)])
        self.send([(first, vault, self._vault("fundInsurance", insurance * TOKENS))])

    def open(self, orders: Iterable[tuple[str, int, int]]) -> None:
        """Open positions of (owner, size, margin), raw units."""
        vault = self.decoder.addresses[VAULT]
        calls = []
        for owner, size, margin in orders:
            limit = MAX_PRICE if size > 0 else 0
            calls.append((owner, vault, self._vault("open", size, margin, limit, MAX_UINT256)))
        self.send(calls)

    def add_margin(self, position: int, payer: str, assets: int) -> tuple[str, str, bytes]:
        """Return an order that adds margin, raw units."""
        return payer, self.decoder.addresses[VAULT], self._vault("addMargin", position, assets)

    def send(self, orders: Sequence[tuple[str, str, bytes]]) -> None:
        """Send transactions of (sender, to, data) and mine them; all must succeed."""
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
            numbers = [self.node.answered(number) for number in sent]
            self.node.ask("evm_mine")
            receipts = self.node.ask_many([("eth_getTransactionReceipt", [number]) for number in numbers])
            assert all(receipt and receipt["status"] == "0x1" for receipt in receipts), receipts
        self.node.ask("evm_setAutomine", True)

    def transactions_of(self, sender: str) -> list[dict[str, Any]]:
        """Return every transaction of an account that is in a block, with its receipt's status."""
        latest = int(self.node.ask("eth_blockNumber"), 16)
        blocks = self.node.ask_many(
            [("eth_getBlockByNumber", [hex(number), True]) for number in range(latest + 1)]
        )
        found = [
            tx for block in blocks for tx in block["transactions"] if tx["from"].lower() == sender.lower()
        ]
        receipts = self.node.ask_many([("eth_getTransactionReceipt", [tx["hash"]]) for tx in found])
        return [tx | {"ok": receipt["status"] == "0x1"} for tx, receipt in zip(found, receipts, strict=True)]

    def _vault(self, name: str, *args: Value) -> bytes:
        return self.decoder.interfaces[VAULT][name].call(*args)

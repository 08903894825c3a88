"""A token and a price feed on a development chain, to try a market with: the node's own accounts sign."""

from dataclasses import dataclass
from time import monotonic, sleep
from typing import Final

from eth_utils.address import to_checksum_address
from ringfence.evm.artifacts import load
from ringfence.types.errors import RingfenceError
from ringfence.types.outcome import Value

from ringfence_operations.node.client import Node, Receipt
from ringfence_operations.node.views import TOKEN, interface

FEED_CONTRACT: Final = "MockPriceFeed"
DEVELOPMENT_CHAINS: Final = (31337, 1337)
GAS: Final = 3_000_000
STIPEND: Final = 100 * 10**18  # wei for each account
PATIENCE: Final = 60  # seconds
POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A token that anyone may mint and a feed that anyone may set, on a node with an unlocked account."""

    node: Node
    account: str
    token: str
    feed: str

    def set_price(self, answer: int) -> int:
        """Make the feed answer, in its decimals, as of now; return the block in which it does first."""
        return self._call(FEED_CONTRACT, self.feed, "set", answer, self.node.block().timestamp).block

    def fund(self, account: str, assets: int) -> None:
        """Give an account ether for gas and tokens, in raw units."""
        transact(self.node, self.account, account, value=STIPEND)
        self._call(TOKEN, self.token, "mint", account, assets)

    def _call(self, contract: str, address: str, name: str, *args: Value) -> Receipt:
        return transact(self.node, self.account, address, interface(contract)[name].call(*args))


def make_sandbox(node: Node, token_decimals: int, feed_decimals: int) -> Sandbox:
    """Deploy token and feed; raises RingfenceError on any chain that is no development chain."""
    if node.chain_id not in DEVELOPMENT_CHAINS:
        raise RingfenceError(f"{node.place}: chain {node.chain_id} is no development chain; nothing was sent")
    accounts = node.ask("eth_accounts")
    if not accounts:
        raise RingfenceError(
            f"{node.place}: the node has no unlocked account; start anvil without --accounts 0"
        )
    made = []
    for contract, decimals in ((TOKEN, token_decimals), (FEED_CONTRACT, feed_decimals)):
        creation = load(contract).bytecode + decimals.to_bytes(32)
        made.append(str(transact(node, accounts[0], None, creation).contract))
    return Sandbox(node, accounts[0], *map(to_checksum_address, made))


def transact(node: Node, sender: str, to: str | None, data: bytes = b"", value: int = 0) -> Receipt:
    """Return the receipt of a transaction that the node signs; raises RingfenceError if none comes."""
    request = {"from": sender, "data": "0x" + data.hex(), "value": hex(value), "gas": hex(GAS)}
    sent = node.ask("eth_sendTransaction", request | ({"to": to_checksum_address(to)} if to else {}))
    deadline = monotonic() + PATIENCE
    while True:
        (receipt,) = node.receipts([sent])
        if receipt is not None:
            return receipt
        if monotonic() > deadline:
            raise RingfenceError(f"{node.place}: {sent} is not mined after {PATIENCE} s")
        sleep(POLL_SECONDS)

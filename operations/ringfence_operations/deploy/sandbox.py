"""A token and a price feed on a development chain, to try a market with: the node's own accounts sign."""

from dataclasses import dataclass
from typing import Any, Final

from eth_utils.address import to_checksum_address
from ringfence.evm.artifacts import load
from ringfence.types.errors import RingfenceError
from ringfence.types.outcome import Value

from ringfence_operations.follow.connection import Node
from ringfence_operations.follow.views import TOKEN, interface

FEED_CONTRACT: Final = "MockPriceFeed"
DEVELOPMENT_CHAINS: Final = (31337, 1337)
GAS: Final = 3_000_000
STIPEND: Final = 100 * 10**18  # wei for each account


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A token that anyone may mint and a feed that anyone may set, on a node with an unlocked account."""

    node: Node
    account: str
    token: str
    feed: str

    def set_price(self, answer: int) -> None:
        """Make the feed answer, in its decimals, as of now."""
        self._send(FEED_CONTRACT, self.feed, "set", answer, self.node.block().timestamp)

    def fund(self, account: str, assets: int) -> None:
        """Give an account ether for gas and tokens, in raw units."""
        transfer = {"from": self.account, "to": to_checksum_address(account), "value": STIPEND}
        _mined(self.node, transfer)
        self._send(TOKEN, self.token, "mint", account, assets)

    def _send(self, contract: str, address: str, name: str, *args: Value) -> None:
        call = interface(contract)[name].call(*args)
        _mined(
            self.node, {"from": self.account, "to": to_checksum_address(address), "data": call, "gas": GAS}
        )


def make_sandbox(node: Node, token_decimals: int, feed_decimals: int) -> Sandbox:
    """Deploy token and feed; raises RingfenceError where that might not be a game."""
    if node.chain_id not in DEVELOPMENT_CHAINS:
        raise RingfenceError(f"{node.place}: chain {node.chain_id} is no development chain; nothing was sent")
    accounts = node.web3.eth.accounts
    if not accounts:
        raise RingfenceError(
            f"{node.place}: the node has no unlocked account; start anvil without --accounts 0"
        )
    made = []
    for contract, decimals in ((TOKEN, token_decimals), (FEED_CONTRACT, feed_decimals)):
        creation = load(contract).bytecode + decimals.to_bytes(32)
        made.append(_mined(node, {"from": accounts[0], "data": creation, "gas": GAS})["contractAddress"])
    return Sandbox(node, accounts[0], *map(to_checksum_address, made))


def _mined(node: Node, request: dict[str, Any]) -> Any:
    """Return the receipt of a transaction of an unlocked account."""
    return node.web3.eth.wait_for_transaction_receipt(node.web3.eth.send_transaction(request), 60, 0.05)

"""What operations ask a node about blocks, accounts, contracts and transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from ringfence.evm.chains.base import Reverted

from ringfence_operations.node.rpc import Failure, NodeRefused, Provider, Rpc

TRANSFER: Final = "0x" + keccak(text="Transfer(address,address,uint256)").hex()
INDEXED: Final = 3  # topics of an ERC-20 transfer; one of a single token has its number as a fourth


@dataclass(frozen=True, slots=True)
class Block:
    """A block: ``hash`` is hex text, ``timestamp`` is in seconds, ``gas_limit`` is the gas that it has room
    for, ``base_fee`` in wei per gas, None where gas has one price.
    """

    number: int
    hash: str
    timestamp: int
    gas_limit: int
    base_fee: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction in a block: whether it succeeded, and the contract that it created, if any.

    ``cost`` is what its gas and, on a rollup, its data cost, in wei, as far as the node says. ``received``
    are the raw units of tokens that accounts got, by token and account, both in lower case.
    """

    hash: str
    ok: bool
    block: int
    gas_used: int
    contract: str | None
    cost: int
    received: dict[str, dict[str, int]]


class Node(Rpc):
    """A node of one chain. Every method may raise ``NodeUnreachable`` and ``NodeRefused``.

    ``block`` arguments are a number or ``"latest"``. A node in this process has no ``url``.
    """

    def __init__(self, provider: Provider, place: str, url: str | None = None) -> None:
        """Ask through ``provider``; ``place`` names the node in sentences, ``url`` is where it is."""
        super().__init__(provider, place)
        self.url = url
        self.chain_id = self._number("eth_chainId")

    def block(self, number: int | str = "latest") -> Block:
        """Return a block; raises NodeRefused when there is none of that number."""
        found = self.ask("eth_getBlockByNumber", _at(number), False)
        if found is None:
            raise NodeRefused(f"{self.place}: the node has no block {number}")
        fee = found.get("baseFeePerGas")
        base_fee = None if fee is None else int(fee, 16)
        number, timestamp, gas_limit = (int(found[key], 16) for key in ("number", "timestamp", "gasLimit"))
        return Block(number, found["hash"], timestamp, gas_limit, base_fee)

    def code(self, address: str, block: int | str = "latest") -> bytes:
        """Return the code at an address; empty when there is none."""
        return self._bytes("eth_getCode", to_checksum_address(address), _at(block))

    def balance(self, address: str) -> int:
        """Return an account's wei."""
        return self._number("eth_getBalance", to_checksum_address(address), "latest")

    def nonce(self, address: str, block: str = "latest") -> int:
        """Return the nonce of the account's next transaction, as of a block or ``"pending"``."""
        return self._number("eth_getTransactionCount", to_checksum_address(address), block)

    def storage(self, address: str, slot: int, block: int | str = "latest") -> int:
        """Return a word of storage."""
        return self._number("eth_getStorageAt", to_checksum_address(address), hex(slot), _at(block))

    def call(self, to: str, data: bytes, block: int | str = "latest") -> bytes:
        """Return what a read-only call returns; raises Reverted."""
        request = {"to": to_checksum_address(to), "data": "0x" + data.hex()}
        return bytes.fromhex(self._executed("eth_call", request, _at(block))[2:])

    def estimate_gas(self, sender: str, to: str | None, data: bytes) -> int:
        """Return the gas that a transaction would need now; raises Reverted."""
        request = {"from": to_checksum_address(sender), "data": "0x" + data.hex()}
        if to is not None:
            request["to"] = to_checksum_address(to)
        return int(self._executed("eth_estimateGas", request), 16)

    def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
        """Return the receipt of each transaction, None while it is in no block."""
        answers = self.ask_many([("eth_getTransactionReceipt", [each]) for each in hashes])
        return [_receipt(self.answered(answer)) for answer in answers]

    def knows(self, hashes: Sequence[str]) -> list[bool]:
        """Return whether the node has each transaction, in a block or waiting for one."""
        answers = self.ask_many([("eth_getTransactionByHash", [each]) for each in hashes])
        return [answer is not None for answer in answers]

    def _executed(self, method: str, *params: Any) -> str:
        """Return the answer to a question for which the node runs code; raises Reverted."""
        (answer,) = self.ask_many([(method, params)])
        if isinstance(answer, Failure) and answer.is_revert:
            raise Reverted(answer.output)
        return str(self.answered(answer))

    def _number(self, method: str, *params: Any) -> int:
        return int(self.ask(method, *params), 16)

    def _bytes(self, method: str, *params: Any) -> bytes:
        return bytes.fromhex(self.ask(method, *params)[2:])


def _at(block: int | str) -> str:
    return hex(block) if isinstance(block, int) else block


def _receipt(found: dict[str, Any] | None) -> Receipt | None:
    if found is None or found["blockNumber"] is None:
        return None
    return Receipt(
        found["transactionHash"],
        int(found["status"], 16) == 1,
        int(found["blockNumber"], 16),
        int(found["gasUsed"], 16),
        found.get("contractAddress"),
        _cost(found),
        _received(found["logs"]),
    )


def _cost(found: dict[str, Any]) -> int:
    """Return the wei paid for a transaction; rollups have a field of their own for its data."""
    price, data = (int(found.get(key) or "0x0", 16) for key in ("effectiveGasPrice", "l1Fee"))
    return int(found["gasUsed"], 16) * price + data


def _received(logs: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Return what accounts got by the transfers of ERC-20 tokens among these logs."""
    received: dict[str, dict[str, int]] = {}
    for log in logs:
        if log["topics"][:1] == [TRANSFER] and len(log["topics"]) == INDEXED:
            accounts = received.setdefault(log["address"].lower(), {})
            to = "0x" + log["topics"][2][-40:].lower()
            accounts[to] = accounts.get(to, 0) + int(log["data"][2:] or "0", 16)
    return received

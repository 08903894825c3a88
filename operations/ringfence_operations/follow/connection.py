"""What operating commands ask a node, through the web3 object of the provider that Ape has connected."""

import socket
from ast import literal_eval
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from eth_tester.exceptions import TransactionFailed
from eth_utils.address import to_checksum_address
from ringfence.evm.chains.base import Reverted
from ringfence.types.errors import RingfenceError
from web3.exceptions import (
    BlockNotFound,
    ContractLogicError,
    TransactionNotFound,
    Web3Exception,
    Web3RPCError,
)

PROBE_SECONDS: Final = 5
PORTS: Final = {"https": 443, "wss": 443}


class NodeUnreachable(RingfenceError):
    """Nobody answers at the node's address; it may come back."""


class NodeRefused(RingfenceError):
    """The node answers, and won't do what it is asked."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block: ``timestamp`` in seconds, ``base_fee`` in wei per gas."""

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp: int
    base_fee: int


@dataclass(frozen=True, slots=True)
class ChainLog:
    """A log and where it is: addresses are lower-case hex text, topics 32 bytes each."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block: int
    block_hash: bytes
    transaction: bytes
    index: int


@dataclass(frozen=True, slots=True)
class Mined:
    """A transaction in a block. ``paid`` is what its gas cost, in wei; ``contract`` what it created."""

    ok: bool
    block: int
    block_hash: bytes
    gas_used: int
    paid: int
    contract: str | None
    logs: tuple[ChainLog, ...]


class Node:
    """A node of one chain. What is not there, and a node that is not there, are sentences, not tracebacks.

    Every method may raise ``NodeUnreachable`` and ``NodeRefused``. ``block`` arguments are a number or
    ``"latest"``; ``web3`` is for what is not offered here. A node in this process has no ``url``.
    """

    def __init__(self, web3: Any, place: str, url: str | None = None) -> None:
        """Take a connected web3 object; ``place`` names the node in sentences, ``url`` is where it is."""
        self.web3 = web3
        self.place = place
        self.url = url
        with self._asking():
            self.chain_id = int(web3.eth.chain_id)

    def block(self, number: int | str = "latest") -> Block:
        """Return a block; raises NodeRefused when there is none of that number."""
        with self._asking():
            found = self.web3.eth.get_block(number)
        return Block(
            found["number"],
            bytes(found["hash"]),
            bytes(found["parentHash"]),
            found["timestamp"],
            found.get("baseFeePerGas", 0),
        )

    def code(self, address: str, block: int | str = "latest") -> bytes:
        """Return the code at an address; empty when there is none."""
        with self._asking():
            return bytes(self.web3.eth.get_code(to_checksum_address(address), block))

    def balance(self, address: str) -> int:
        """Return an account's wei."""
        with self._asking():
            return int(self.web3.eth.get_balance(to_checksum_address(address)))

    def nonce(self, address: str, block: str = "latest") -> int:
        """Return the nonce of the account's next transaction, as of a block or ``"pending"``."""
        with self._asking():
            return int(self.web3.eth.get_transaction_count(to_checksum_address(address), block))

    def storage(self, address: str, slot: int, block: int | str = "latest") -> int:
        """Return a word of storage."""
        with self._asking():
            return int.from_bytes(self.web3.eth.get_storage_at(to_checksum_address(address), slot, block))

    def call(self, to: str, data: bytes, *, sender: str | None = None, block: int | str = "latest") -> bytes:
        """Return what a read-only call returns; raises Reverted."""
        request = {"to": to_checksum_address(to), "data": "0x" + data.hex()}
        if sender is not None:
            request["from"] = to_checksum_address(sender)
        with self._asking():
            return bytes(self.web3.eth.call(request, block))

    def estimate_gas(self, sender: str, to: str | None, data: bytes) -> int:
        """Return the gas that a transaction would need now; raises Reverted."""
        request = {"from": to_checksum_address(sender), "data": "0x" + data.hex()}
        if to is not None:
            request["to"] = to_checksum_address(to)
        with self._asking():
            return int(self.web3.eth.estimate_gas(request))

    def priority_fee(self) -> int:
        """Return the tip that the node suggests, in wei per gas."""
        with self._asking():
            return int(self.web3.eth.max_priority_fee)

    def send(self, signed: bytes) -> None:
        """Hand a signed transaction to the node; raises NodeRefused, also when it knows it already."""
        with self._asking():
            self.web3.eth.send_raw_transaction(signed)

    def mined(self, transaction: bytes) -> Mined | None:
        """Return the transaction of that hash as it was mined, or nothing while it isn't."""
        try:
            with self._asking():
                found = self.web3.eth.get_transaction_receipt(transaction)
        except TransactionNotFound:
            return None
        if found is None or found["blockNumber"] is None:
            return None
        return Mined(
            found["status"] == 1,
            found["blockNumber"],
            bytes(found["blockHash"]),
            found["gasUsed"],
            found["gasUsed"] * found["effectiveGasPrice"],
            found.get("contractAddress"),
            tuple(_log(entry) for entry in found["logs"]),
        )

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Tell a refused call, a refusing node and an absent one apart."""
        try:
            yield
        except TransactionNotFound:
            raise
        except ContractLogicError as refusal:
            raise Reverted(_revert_data(refusal)) from None
        except TransactionFailed as refusal:  # Ape's own test chain
            raise Reverted(_tester_revert_data(refusal)) from None
        except BlockNotFound as refusal:
            raise NodeRefused(f"{self.place}: {refusal}") from None
        except Web3RPCError as refusal:
            error = (refusal.rpc_response or {}).get("error", {})
            message = error.get("message", refusal.message) if isinstance(error, dict) else error
            raise NodeRefused(f"{self.place}: the node refused: {message}") from None
        except Web3Exception as refusal:
            raise NodeRefused(f"{self.place}: the node's answer is no answer: {refusal}") from None
        except OSError as failure:  # requests' errors are OSErrors too
            raise NodeUnreachable(
                f"{self.place}: the node does not answer ({type(failure).__name__})"
            ) from None


@contextmanager
def connected(network: str) -> Iterator[Node]:
    """Connect to a node for as long as the block lasts.

    ``network`` is a choice of Ape's (``ethereum:sepolia:node``), or the URL of a node.

    Raises:
        NodeUnreachable: nothing listens there.
        NodeRefused: Ape does not know the network, or what listens is no node.
    """
    import ape
    from ape.exceptions import ApeException
    from ape.logging import LogLevel, logger

    with ExitStack() as stack:
        stack.enter_context(logger.at_level(LogLevel.WARNING))
        try:
            provider = ape.networks.get_provider_from_choice(network)
            if provider.name == "node":
                _probe(network, str(provider.uri))
            choice = provider.network.use_provider(provider, disconnect_after=provider.name == "foundry")
            active = stack.enter_context(choice)
        except (ApeException, ValueError) as refusal:
            said = str(refusal).partition(" Options:")[0].splitlines()[0]
            raise NodeRefused(f"--network {network}: {said}") from None
        yield Node(active.web3, f"--network {network}", getattr(active, "uri", None))


def _probe(network: str, uri: str) -> None:
    """See that something listens, before Ape tries at length or starts a node of its own."""
    place = urlsplit(uri)
    if place.hostname is None:  # a socket file
        return
    address = place.hostname, place.port or PORTS.get(place.scheme, 80)
    try:
        socket.create_connection(address, PROBE_SECONDS).close()
    except OSError as failure:
        raise NodeUnreachable(
            f"--network {network}: no node listens at {address[0]}:{address[1]} "
            f"({failure.strerror or failure}); start it, or choose another with --network"
        ) from None


def _log(entry: Any) -> ChainLog:
    return ChainLog(
        entry["address"].lower(),
        tuple(bytes(topic) for topic in entry["topics"]),
        bytes(entry["data"]),
        entry["blockNumber"],
        bytes(entry["blockHash"]),
        bytes(entry["transactionHash"]),
        entry["logIndex"],
    )


def _revert_data(refusal: ContractLogicError) -> bytes:
    data = refusal.data
    return bytes.fromhex(data.removeprefix("0x")) if isinstance(data, str) else b""


def _tester_revert_data(refusal: TransactionFailed) -> bytes:
    """Return the revert data, which the test chain tells as the text of a Python literal."""
    told = str(refusal.args[0]).removeprefix("execution reverted: ")
    try:
        value = literal_eval(told)
    except (ValueError, SyntaxError):  # a revert with a text of its own
        return b""
    return value if isinstance(value, bytes) else b""

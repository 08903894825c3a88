"""Logs of a deployed market as events: vault and pool by their roles, everybody else by address."""

from collections.abc import Iterable
from typing import Any

from ringfence.evm.abi import AddressBook, Interface, Refusals
from ringfence.evm.abi.coder import MalformedOutput
from ringfence.evm.artifacts import load
from ringfence.types.errors import RingfenceError
from ringfence.types.outcome import Event, Value
from ringfence.types.roles import FEED, POOL, TOKEN, VAULT

from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.rpc import Question


class Decoder:
    """Reads what the contracts of one market announce, answer and refuse."""

    def __init__(self, manifest: Manifest) -> None:
        """Take the interfaces of compiled contracts; raises ArtifactMissing."""
        self.addresses = {
            VAULT: manifest.vault.address.lower(),
            POOL: manifest.pool.address.lower(),
            TOKEN: manifest.collateral.address.lower(),
            FEED: manifest.feed.address.lower(),
        }
        book = AddressBook(self.addresses)
        abis = {VAULT: load("IsolatedMarginVault").abi, POOL: load("LiquidityPool").abi}
        abis |= {TOKEN: load("MockToken").abi, FEED: load("IPriceFeed").abi}
        self.interfaces = {role: Interface(abi, book) for role, abi in abis.items()}
        self.refusals = Refusals(abis.values(), book)
        self._emitters = {self.addresses[role]: role for role in (VAULT, POOL)}

    def question(self, block: int, role: str, view: str, *args: Value) -> Question:
        """Return the call of a view at a block, as a node is asked it."""
        data = self.interfaces[role][view].call(*args)
        return "eth_call", [{"to": self.addresses[role], "data": "0x" + data.hex()}, hex(block)]

    def events(self, logs: Iterable[dict[str, Any]]) -> list[Event]:
        """Return logs of vault and pool as events; raises RingfenceError for one that is cut short."""
        return [self._event(log) for log in logs]

    def _event(self, log: dict[str, Any]) -> Event:
        emitter = self._emitters[log["address"].lower()]
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        try:
            return self.interfaces[emitter].event(emitter, topics, bytes.fromhex(log["data"][2:]))
        except MalformedOutput as failure:
            place = f"block {int(log['blockNumber'], 16)}, transaction {log['transactionHash']}"
            raise RingfenceError(f"{place}: a log of the {emitter} is malformed: {failure}") from None

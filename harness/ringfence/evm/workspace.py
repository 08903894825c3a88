"""What an adapter works at: a chain, contracts by their names, and positions in the order of opening."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ringfence.evm.abi import AddressBook, Interface, Refusals
from ringfence.evm.abi.interface import inputs_coder
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Call, Chain, Log, Reverted
from ringfence.types.outcome import Done, Event, Outcome, Refused, Value
from ringfence.types.roles import ACCOUNTS, OWNER, addresses


class BenchError(Exception):
    """A contract does not do what an adapter takes for granted. The message is one sentence."""


class NoSuchPosition(Exception):
    """An action names a position that there is not."""


class Bench:
    """Contracts have the names they are deployed under, accounts their roles, in arguments too."""

    accounts: Final = ACCOUNTS

    def __init__(self, chain: Chain) -> None:
        """Take a chain on which nothing of the vault is yet."""
        self.chain = chain
        self.contracts: dict[str, str] = {}
        self.keys: list[Hashable] = []
        self.creation_code = b""
        self._book = AddressBook(addresses())
        self._interfaces: dict[str, Interface] = {}
        self._abis: list[Artifact] = []
        self._refusals = Refusals((), self._book)

    @property
    def artifacts(self) -> Sequence[Artifact]:
        """Return what the contracts with names were made of."""
        return self._abis

    def deploy(self, name: str, contract: Artifact, *args: Value, sender: str = OWNER) -> None:
        """Put a contract on the chain under a name, in a block of its own; raises BenchError."""
        inputs = next((entry["inputs"] for entry in contract.abi if entry["type"] == "constructor"), ())
        code = contract.bytecode + inputs_coder(inputs, self._book).encode(args)
        try:
            address = self.chain.deploy(code, self._book.text(sender))
        except Reverted as reverted:
            refusal = Refusals([contract.abi], self._book).read(reverted.output)
            raise BenchError(f"{name} can't be deployed: {contract.name} ends in {_told(refusal)}.") from None
        self.creation_code += contract.bytecode
        self.know(name, contract, address)

    def know(self, name: str, contract: Artifact, address: str) -> None:
        """Name a contract that another one has deployed."""
        self.contracts[name] = address.lower()
        self._book.add(name, address)
        self._interfaces[name] = Interface(contract.abi, self._book)
        self._abis.append(contract)
        self._refusals = Refusals([known.abi for known in self._abis], self._book)

    def send(self, account: str, contract: str, function: str, *args: Value, seconds: int = 1) -> Outcome:
        """Send a transaction, in a new block so many seconds after the last; with 0 in the last block."""
        called = self._interfaces[contract][function]
        call = Call(self._book.text(account), self.contracts[contract], called.call(*args))
        receipt = self.chain.send(call, seconds)
        if not receipt.ok:
            return self._refusals.read(receipt.output)
        return Done(called.result(receipt.output), tuple(map(self._event, receipt.logs)))

    def do(self, account: str, contract: str, function: str, *args: Value) -> Value:
        """Send a transaction that can't be refused, to set the scene; raises BenchError."""
        outcome = self.send(account, contract, function, *args)
        if isinstance(outcome, Refused):
            raise BenchError(
                f"{account} can't call {contract}.{function}{args}: it ends in {_told(outcome)}."
            )
        return outcome.value

    def read(self, contract: str, function: str, *args: Value) -> Value:
        """Return what a view answers; raises BenchError."""
        asked = self._interfaces[contract][function]
        try:
            output = self.chain.call(self.contracts[contract], asked.call(*args), self._book.text(OWNER))
        except Reverted as reverted:
            refusal = self._refusals.read(reverted.output)
            raise BenchError(f"{contract}.{function}{args} ends in {_told(refusal)}.") from None
        return asked.result(output)

    def number(self, contract: str, function: str, *args: Value) -> int:
        """Return what a view answers, an integer; raises BenchError."""
        value = self.read(contract, function, *args)
        if not isinstance(value, int):
            raise BenchError(f"{contract}.{function}{args} is {value!r}, and no integer.")
        return value

    def opened(self, outcome: Outcome, key: Hashable) -> Outcome:
        """Number the position that an open has made under ``key``; return the outcome with it."""
        if isinstance(outcome, Done):
            self.keys.append(key)
            return replace(outcome, value=len(self.keys))
        return outcome

    def key(self, position: int) -> Hashable:
        """Return what the vault calls a position.

        Raises NoSuchPosition for one that was never opened, and for one whose key was opened again since.
        """
        if not 0 < position <= len(self.keys) or self.keys[position - 1] in self.keys[position:]:
            raise NoSuchPosition(position)
        return self.keys[position - 1]

    def latest(self) -> Iterator[tuple[int, Hashable]]:
        """Yield every key that was opened, with the number of its last opening."""
        numbers = {key: number for number, key in enumerate(self.keys, start=1)}
        return ((number, key) for key, number in numbers.items())

    def _event(self, log: Log) -> Event:
        emitter = self._book.name(bytes.fromhex(log.address.removeprefix("0x")))
        interface = self._interfaces.get(emitter)
        if interface is None:
            return Event(emitter, "?", (*log.topics, log.data))
        return interface.event(emitter, log.topics, log.data)


def _told(refusal: Refused) -> str:
    return f"{refusal.error}{refusal.args}"

"""What a vault under test works with: a chain, contracts by name, and positions in the order of opening."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ringfence.evm.abi import AddressBook, Interface, Names, Refusals, UnknownName
from ringfence.evm.abi.interface import digest, inputs_coder
from ringfence.evm.abi.slot_names import SlotNames
from ringfence.evm.abi.variables import place_of, slot_names
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Call, Chain, Log, Reverted
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.dump import read_dump
from ringfence.evm.projects.foundry_setup import FoundrySetup
from ringfence.evm.question import MOST_QUESTIONS, Question, question
from ringfence.evm.revert_site import outermost_counters, reverting_frame
from ringfence.evm.signing import Domain
from ringfence.types.outcome import Done, Event, Outcome, Refused, Value
from ringfence.types.roles import ACCOUNTS, OWNER, addresses

ADDRESS: Final = 20  # bytes
ADDRESS_TEXT: Final = re.compile(r"0x[0-9a-fA-F]{40}")
NO_CONTRACT: Final = "there is no contract"


class WorkspaceError(Exception):
    """A contract does not do what an adapter takes for granted. The message is one sentence."""


class NotDeployed(WorkspaceError):
    """A contract's constructor reverts. ``output`` is the revert data."""

    def __init__(self, message: str, output: bytes) -> None:
        super().__init__(message)
        self.output = output


class NoSuchPosition(Exception):
    """An action names a position that there is not."""


class Workspace:
    """A chain on which contracts have names and accounts their roles, in arguments and answers too.

    A contract without a name is called by its address; for an unknown name every method raises UnknownName,
    with those that are near it. ``creation_code`` is that of every contract deployed
    under a name: its hash distinguishes findings. ``last_call`` is the last transaction, ``gas_used`` its
    gas. ``is_loaded``: it started from a dumped state.
    """

    accounts: Final = ACCOUNTS

    def __init__(self, chain: Chain) -> None:
        """Take a chain on which nothing of the vault is yet."""
        self.chain = chain
        self.book: Final = AddressBook(addresses())
        self.contracts: Final = Names[str](NO_CONTRACT)
        self.artifacts: Final = Names[Artifact](NO_CONTRACT)
        self.interfaces: Final = Names[Interface](NO_CONTRACT)
        self.refusals: Final = Refusals((), self.book)
        self.keys: Final[list[Hashable]] = []
        self.creation_code = b""
        self.is_loaded = False
        self.gas_used = 0
        self._libraries: dict[str, str] = {}
        self._names: dict[str, list[str]] = {}  # by address, the last one first: a proxy has two ABIs
        self.last_call: Call | None = None
        self._questions: dict[tuple[str, str, tuple[Value, ...], str], Question] = {}

    def deploy(
        self, name: str, contract: Artifact, *args: Value, sender: str = OWNER, value: int = 0
    ) -> None:
        """Put a contract on the chain under a name, in a block of its own; raises NotDeployed.

        Its constructor is given ``value``, in wei.
        """
        self.know(name, contract, self._create(name, contract, args, sender, value))
        self.creation_code += contract.bytecode

    def load(
        self,
        state: str | Path | FoundrySetup,
        contracts: Mapping[str, tuple[str, Artifact]],
        accounts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start from a dumped state, before anything else; raises BadDump, WorkspaceError, ProjectError.

        ``contracts`` are an address and the compiled contract there by name, ``accounts`` addresses by name
        that are to send: one that is a contract, such as a timelock, loses its code, for no contract can. In
        a Foundry setup an address is named by a variable or a view of the test, ``this`` is the test.
        """
        if not isinstance(self.chain, RevmChain):
            raise WorkspaceError(f"A dumped state is loaded in this process alone, not on {self.chain.name}.")
        if self.contracts:
            raise WorkspaceError(f"Load {state} before anything is deployed.")
        file, place = _source(state)
        senders = {name: place(address) for name, address in accounts.items()}
        dump = read_dump(file).without_code(senders.values())
        self.chain.load(dump)
        self.is_loaded = True
        for name, address in senders.items():
            self.book.add(name, address)
        for name, (stated, contract) in contracts.items():
            address = place(stated)
            code = dump.accounts[address].code if address in dump.accounts else b""
            if not code:
                raise WorkspaceError(f"{file} has no contract at {address}, where {name} should be.")
            self.know(name, contract, address)
            self.creation_code += code

    def place(self, contract: Artifact, *args: Value, sender: str = OWNER) -> str:
        """Return the address of a new contract that is no part of the vault; raises NotDeployed."""
        address = self._create(contract.name, contract, args, sender).lower()
        self.know(address, contract, address)
        return address

    def know(self, name: str, contract: Artifact, address: str) -> None:
        """Name a contract that another one has deployed; its address will do for a name."""
        self.contracts[name] = address.lower()
        others = [each for each in self._names.get(address.lower(), ()) if each != name]
        self._names[address.lower()] = [name, *others]
        self.book.add(name, address)
        self._questions.clear()  # answers may name it
        if self.artifacts.get(name) is not contract:
            self.artifacts[name] = contract
            self.interfaces[name] = Interface(contract.abi, self.book, name)
            self.refusals.add(contract.abi)

    def send(
        self, account: str, contract: str, function: str, *args: Value, seconds: int = 1, value: int = 0
    ) -> Outcome:
        """Send a transaction, in a new block ``seconds`` after the last; with 0 in the last block.

        ``value`` is in wei. Raises EncodingError.
        """
        called = self.interfaces[contract][function]
        data = called.call(*args)
        call = Call(self.book.text(account), self.contracts[contract], data, value)
        receipt = self.chain.send(call, seconds)
        self.last_call = call
        self.gas_used = receipt.gas_used
        if not receipt.ok:
            return self.refusals.read(receipt.output)
        return Done(called.result(receipt.output), tuple([self.event(log) for log in receipt.logs]))

    def revert_site(self) -> str:
        """Return where the last transaction reverts when it is sent again, in its block: ``Vault.sol:12``.

        In a contract without a source map its name and a program counter; ``""`` where no contract has one,
        on a chain that has no traces, and where an unknown contract reverts.
        """
        trace = getattr(self.chain, "trace", None)
        is_mapped = any(each.source_map for each in self.artifacts.values())
        if self.last_call is None or trace is None or not is_mapped:
            return ""
        frame = reverting_frame(trace(self.last_call), self.last_call.to)
        names = self._names.get(frame.address) if frame else None
        return frame.site(self.artifacts[names[0]]) if frame and names else ""

    def called_function(self) -> str | None:
        """Return where the function is that the last transaction called: ``Vault.sol:12``.

        None without a transaction, a source map, a trace, or a function in the contract's code itself.
        """
        call, trace = self.last_call, getattr(self.chain, "trace", None)
        artifacts = [self.artifacts[name] for name in self._names.get(call.to, ())] if call else []
        is_mapped = any(each.source_map for each in artifacts)
        counters = list(outermost_counters(trace(call))) if call and trace and is_mapped else []
        places = (
            each.source_map.function(entry["name"], counters)
            for each in artifacts
            for entry in each.abi
            if entry["type"] == "function" and call and digest(entry).startswith(call.data[:4])
            if each.source_map
        )
        return next(filter(None, places), None)

    def do(
        self, account: str, contract: str, function: str, *args: Value, seconds: int = 1, value: int = 0
    ) -> Value:
        """Send a transaction that must succeed, and return its value; raises WorkspaceError."""
        outcome = self.send(account, contract, function, *args, seconds=seconds, value=value)
        if isinstance(outcome, Refused):
            call = f"{contract}.{function}{args}"
            raise WorkspaceError(f"{account} can't call {call}: it ends in {_shown(outcome)}.")
        return outcome.value

    def ask(self, contract: str, function: str, *args: Value, sender: str = OWNER) -> "Value | Refused":
        """Return what a view answers to ``sender``, or its refusal."""
        try:
            return self._question(contract, function, args, sender).answer()
        except Reverted as reverted:
            return self.refusals.read(reverted.output)

    def read(self, contract: str, function: str, *args: Value, sender: str = OWNER) -> Value:
        """Return what a view answers to ``sender``; raises WorkspaceError."""
        answer = self.ask(contract, function, *args, sender=sender)
        if isinstance(answer, Refused):
            raise WorkspaceError(f"{contract}.{function}{args} ends in {_shown(answer)}.")
        return answer

    def number(self, contract: str, function: str, *args: Value) -> int:
        """Return what a view answers, an integer; raises WorkspaceError."""
        value = self.read(contract, function, *args)
        if not isinstance(value, int):
            raise WorkspaceError(f"{contract}.{function}{args} is {value!r}, and no integer.")
        return value

    def calldata(self, contract: str, function: str, *args: Value) -> bytes:
        """Return the bytes of a call; raises EncodingError."""
        return self.interfaces[contract][function].call(*args)

    def ether(self, name: str) -> int:
        """Return the native balance of an account or a contract, in wei."""
        return self.chain.balance(self.book.text(name))

    def slot_names(self, contract: str) -> SlotNames:
        """Return the names of a contract's storage words; none where its layout is not known."""
        return slot_names(self.artifacts[contract].storage_layout, self.book, self.keys)

    def variable(self, contract: str, label: str, *keys: int | str | bytes, member: str = "") -> int:
        """Return a variable of a contract, a private one too: an entry of a mapping by its keys.

        ``member`` is that of a struct. Raises WorkspaceError without a layout or such a variable.
        """
        try:
            place = place_of(self.artifacts[contract].storage_layout, self.book, label, keys, member)
        except UnknownName:
            raise
        except KeyError as missing:
            raise WorkspaceError(f"{contract} has no variable {label}: {missing} is not known.") from None
        return place.read(self.storage(contract, [place.slot])[0])

    def storage(self, contract: str, slots: Sequence[int]) -> list[int]:
        """Return storage words of a contract."""
        return self.chain.storage(self.contracts[contract], slots)

    def domain(self, contract: str) -> Domain:
        """Return what signatures for a contract are bound to (EIP-5267); raises WorkspaceError."""
        answer = self.read(contract, "eip712Domain")
        assert isinstance(answer, tuple)
        return Domain(str(answer[1]), str(answer[2]), self.chain.chain_id, self.contracts[contract])

    def snapshot(self) -> object:
        """Return a mark of the present state."""
        return self.chain.snapshot(), len(self.keys), self.gas_used

    def restore(self, mark: object) -> None:
        """Go back to ``mark``, as often as wanted."""
        assert isinstance(mark, tuple)
        state, opened, self.gas_used = mark
        self.chain.restore(state)
        del self.keys[opened:]

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

    def _question(self, contract: str, function: str, args: tuple[Value, ...], sender: str) -> Question:
        key = contract, function, args, sender
        try:
            return self._questions[key]
        except (KeyError, TypeError):  # a list is no key
            called = self.interfaces[contract][function]
        to, data = self.contracts[contract], called.call(*args)
        asked = question(self.chain, to, data, self.book.text(sender), called)
        with suppress(TypeError):
            if len(self._questions) == MOST_QUESTIONS:
                self._questions.clear()
            self._questions[key] = asked
        return asked

    def _create(
        self, name: str, contract: Artifact, args: Sequence[Value], sender: str, value: int = 0
    ) -> str:
        inputs = next((entry["inputs"] for entry in contract.abi if entry["type"] == "constructor"), ())
        code = self._linked(contract, sender) + inputs_coder(inputs, self.book).encode(args)
        try:
            return self.chain.deploy(code, self.book.text(sender), value)
        except Reverted as reverted:
            refusal = Refusals([contract.abi], self.book).read(reverted.output)
            reason = f"{name} can't be deployed: {contract.name} ends in {_shown(refusal)}."
            raise NotDeployed(reason, reverted.output) from None

    def _linked(self, contract: Artifact, sender: str) -> bytes:
        """Return creation code with the addresses of its libraries, deployed when first needed."""
        code = bytearray(contract.bytecode)
        for offset, library in contract.links:
            known = library if isinstance(library, str) else self._libraries.get(library.name)
            if known is None:
                assert isinstance(library, Artifact)
                known = self._libraries[library.name] = self.place(library, sender=sender)
            code[offset : offset + ADDRESS] = self.book.address(known)
        return bytes(code)

    def event(self, log: Log) -> Event:
        """Return a log as an event of a known contract, or else named by its first topic."""
        emitters = self._names.get(log.address)
        if emitters is None:
            stranger = self.book.name(bytes.fromhex(log.address.removeprefix("0x")))
            return Event(stranger, "?", (*log.topics, log.data))
        emitter = next((each for each in emitters if self.interfaces[each].knows(log.topics)), emitters[0])
        return self.interfaces[emitter].event(emitter, log.topics, log.data)


def _source(state: str | Path | FoundrySetup) -> tuple[Path, Callable[[str], str]]:
    """Return the file of a dumped state, and what finds an address in it; raises ProjectError."""

    def place(address: str) -> str:
        found = state.address(address) if isinstance(state, FoundrySetup) else address
        if not ADDRESS_TEXT.fullmatch(found):
            raise WorkspaceError(f"{address!r} is no address of 20 bytes in hexadecimal.")
        return found.lower()

    return state.file if isinstance(state, FoundrySetup) else Path(state), place


def _shown(refusal: Refused) -> str:
    return f"{refusal.error}{refusal.args}"

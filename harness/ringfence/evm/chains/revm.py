"""The EVM in this process: nothing is signed or mined, and a transaction takes microseconds."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import ClassVar, Final

from eth_utils.crypto import keccak
from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env, JournalCheckpoint

from ringfence.evm.chains.base import GENESIS_TIME, Call, Log, Receipt, Reverted, blocks_in
from ringfence.evm.dump import Dump
from ringfence.evm.views.compiled import CompiledView, CompiledViews
from ringfence.types.roles import addresses

SPEC: Final = "CANCUN"
CHAIN_ID: Final = 31337
GAS_LIMIT: Final = 30_000_000
CODE_PADDING: Final = 33  # zeros that the EVM adds to code which it has looked at
MOST_FRAMES: Final = 1_024  # of calls, snapshots among them
ETHER: Final = 10**22  # wei that each account has at first
TRACED_GAS: Final = 1_000_000
REVERT_DATA: Final = re.compile(r"Revert \{ gas_used: (\d+), output: 0x([0-9a-f]*) \}")
STORAGE_SLOT: Final = re.compile(
    r"(\d+): StorageSlot \{ previous_or_original_value: \d+, present_value: (\d+) \}"
)


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a chain branches off: a block of a node at ``url``, which is only read, when first needed."""

    url: str
    chain_id: int
    number: int
    timestamp: int


@dataclass(slots=True)
class RevmSnapshot:
    """A state to go back to. ``checkpoint`` is spent by every revert and made anew."""

    checkpoint: JournalCheckpoint
    depth: int
    number: int
    timestamp: int
    version: int


class RevmChain:
    """A chain of one EVM object, which sees all transactions as one: its gas is not a transaction's gas.

    ``evm`` is that object, for who can't afford receipts; ``messages`` counts what it was sent and asked,
    ``version`` is the same for the same state, however it was come back to.
    """

    default_code_size_limit: ClassVar[int | None] = None  # bytes: what EIP-170 allows
    name: Final = "revm"
    shares_blocks: Final = True
    meters_gas: Final = False

    def __init__(self, code_size_limit: int | None = None, fork: Fork | None = None) -> None:
        """Start an empty chain at the genesis time, or go on from a fork's block.

        Contracts are as large as ``default_code_size_limit`` allows, unless stated.
        """
        self.block_time = 0
        self.chain_id = fork.chain_id if fork else CHAIN_ID
        limit = self.default_code_size_limit if code_size_limit is None else code_size_limit
        cfg = CfgEnv(chain_id=self.chain_id, limit_contract_code_size=limit)
        place = (fork.url, hex(fork.number)) if fork else (None, None)
        self.evm = EVM(env=Env(cfg=cfg), spec_id=SPEC, fork_url=place[0], fork_block=place[1])
        self._marks: list[RevmSnapshot] = []
        if fork is None:
            for address in addresses().values():
                self.evm.set_balance(address, ETHER)
        self.messages = self.version = self._versions = 0
        scope = {
            "word": self.evm.storage,
            "balance": self.evm.get_balance,
            "block": self,
            "Reverted": Reverted,
        }
        self._views = None if fork else CompiledViews(self, scope)
        self._set_block(*(fork.number, fork.timestamp) if fork else (0, GENESIS_TIME))

    @property
    def timestamp(self) -> int:
        """Return the time of the present block."""
        return self._timestamp

    @property
    def number(self) -> int:
        """Return the number of the present block."""
        return self._number

    def deploy(self, creation_code: bytes, sender: str, value: int = 0) -> str:
        """Return the address of a new contract; raises Reverted."""
        self._set_block(self._number + 1, self._timestamp + 1)
        self._changed()
        self.evm.reset_transient_storage()
        try:
            return self.evm.deploy(sender, creation_code, value=value, gas=GAS_LIMIT).lower()
        except RuntimeError as failure:
            raise Reverted(_revert_data(failure)) from None

    def advance(self, seconds: int) -> None:
        """Begin a new block ``seconds`` later, the last of those that take it; 0 stays in the present one."""
        if seconds:
            blocks = blocks_in(seconds, self.block_time)
            self._set_block(self._number + blocks, self._timestamp + seconds)

    def send(self, call: Call, seconds: int) -> Receipt:
        """Run a transaction; with ``seconds`` in a new block."""
        self.advance(seconds)
        self.messages += 1
        self.evm.reset_transient_storage()
        try:
            output = self.evm.message_call(call.sender, call.to, call.data, call.value, GAS_LIMIT)
        except RuntimeError as failure:
            return Receipt(False, _revert_data(failure), (), 0)
        self._changed()
        result = self.evm.result
        assert result is not None
        logs = []
        for log in result.logs:
            topics, content = log.data
            logs.append(Log(log.address.lower(), tuple(topics), content))
        return Receipt(True, output, tuple(logs), result.gas_used)

    def call(self, to: str, data: bytes, sender: str) -> bytes:
        """Return what a read-only call returns; raises Reverted."""
        self.messages += 1
        self.evm.reset_transient_storage()
        try:
            return self.evm.message_call(sender, to, data, gas=GAS_LIMIT, is_static=True)
        except RuntimeError as failure:
            raise Reverted(_revert_data(failure)) from None

    def prepared(self, to: str, data: bytes, sender: str) -> Callable[[], bytes]:
        """Return what does a read-only call again and again, compiled where it can be; it raises Reverted."""
        ask = partial(self.call, to, data, sender)
        return CompiledView(self._views, (to, data, sender), ask).answer if self._views else ask

    def trace(self, call: Call) -> list[str]:
        """Return the trace (EIP-3155) of a transaction in the present block, which is undone.

        The EVM prints it in small pieces: a transaction takes a second, and more with a deep stack; one that
        takes more than ``TRACED_GAS``, or runs out of gas, would take minutes, and has none.
        """
        mark, printed = self.snapshot(), StringIO()
        try:
            if self._gas_of(call) > TRACED_GAS:
                return []
            self.restore(mark)
            with redirect_stdout(printed):
                self.evm.tracing = True  # type: ignore[misc]  # its stub lacks the setter
                self.send(call, 0)
        finally:
            self.evm.tracing = False  # type: ignore[misc]  # its stub lacks the setter
            self.restore(mark)
        return printed.getvalue().splitlines()

    def _gas_of(self, call: Call) -> int:
        """Send a transaction in the present block; return the gas that it takes, all of it when it halts."""
        self.evm.reset_transient_storage()
        try:
            self.evm.message_call(call.sender, call.to, call.data, call.value, GAS_LIMIT)
        except RuntimeError as failure:
            found = REVERT_DATA.search(str(failure))
            return int(found[1]) if found else GAS_LIMIT
        result = self.evm.result
        assert result is not None
        return result.gas_used

    def storage(self, address: str, slots: Sequence[int]) -> list[int]:
        """Return storage words."""
        read = self.evm.storage
        return [read(address, slot) for slot in slots]

    def touched(self, addresses: Iterable[str]) -> dict[str, dict[int, int]]:
        """Return the words of every slot that any call has read or written, by address."""
        journal, found = self.evm.journal_str, {}
        for address in addresses:
            start = journal.find("storage: {", journal.find(f"{address}: Account {{"))
            text = journal[start : journal.find("}, status:", start)]
            found[address] = {int(slot): int(value) for slot, value in STORAGE_SLOT.findall(text)}
        return found

    def asked_for(self) -> Iterable[str]:
        """Return every account that any call has looked up, in whatever was reverted since, too."""
        accounts: Iterable[str] = self.evm.db_accounts
        return accounts

    def code(self, address: str) -> bytes:
        """Return the code at an address."""
        code = bytes(self.evm.get_code(address) or b"")
        unpadded = code[:-CODE_PADDING]
        return unpadded if keccak(unpadded) == self.code_hash(address) else code

    def code_hash(self, address: str) -> bytes:
        """Return the hash of the code at an address."""
        return self.evm.basic(address).code_hash or b""

    def place(self, address: str, code: bytes) -> None:
        """Put code at an address that no call has looked at yet; what is stored there stays."""
        self.evm.insert_account_info(address, AccountInfo(code=code))
        self._changed()

    def load(self, dump: Dump) -> None:
        """Go on from a dumped state, and its block if it has one; accounts of roles have ether to send."""
        for address, each in dump.accounts.items():
            self.evm.insert_account_info(address, AccountInfo(nonce=each.nonce, code=each.code or None))
            for slot, word in each.storage.items():
                self.evm.insert_account_storage(address, slot, word)
        least = dict.fromkeys(addresses().values(), ETHER)
        for address, each in dump.accounts.items():
            self.evm.set_balance(address, max(each.balance, least.get(address, 0)))
        self._set_block(dump.number or self._number, dump.timestamp or self._timestamp)
        self._changed()

    def poke(self, address: str, slot: int, value: int) -> None:
        """Set a storage word from outside, to see who notices."""
        self.evm.insert_account_storage(address, slot, value)
        self._changed()

    @property
    def is_deep(self) -> bool:
        """Return whether so many marks are kept that calls may soon lack frames."""
        return 2 * len(self._marks) >= MOST_FRAMES

    def snapshot(self) -> RevmSnapshot:
        """Return a mark. Each takes one of the EVM's call frames until an earlier one is restored."""
        checkpoint = self.evm.snapshot()
        mark = RevmSnapshot(checkpoint, len(self._marks), self._number, self._timestamp, self.version)
        self._marks.append(mark)
        return mark

    def restore(self, mark: object) -> None:
        """Go back to ``mark``; raises LookupError when an earlier mark was restored since."""
        assert isinstance(mark, RevmSnapshot)
        if mark.depth >= len(self._marks) or self._marks[mark.depth] is not mark:
            raise LookupError("the mark was lost when an earlier one was restored")
        while len(self._marks) > mark.depth:
            self.evm.revert(self._marks.pop().checkpoint)
        mark.checkpoint = self.evm.snapshot()
        self._marks.append(mark)
        self._set_block(mark.number, mark.timestamp)
        self._changed()
        self.version = mark.version

    def word(self, address: str, slot: int) -> int:
        """Return one storage word."""
        return self.evm.storage(address, slot)

    def balance(self, address: str) -> int:
        """Return an account's balance, in wei."""
        return self.evm.get_balance(address)

    def _changed(self) -> None:
        self._versions += 1
        self.version = self._versions
        if self._views:
            self._views.is_stale = True

    def _set_block(self, number: int, timestamp: int) -> None:
        self._number, self._timestamp = number, timestamp
        self.evm.set_block_env(BlockEnv(number=number, timestamp=timestamp, gas_limit=GAS_LIMIT))


def _revert_data(failure: RuntimeError) -> bytes:
    """Return the revert data, which pyrevm gives only in the failure's text.

    There is none when gas ran out, or when the code of a new contract is too large.
    """
    text = str(failure)
    found = REVERT_DATA.search(text)
    if found is None and "Halt" not in text and "SizeLimit" not in text:
        raise failure
    return bytes.fromhex(found[2]) if found else b""

"""The calls of a transaction, from its trace: what each was given, returned, logged and stored.

A trace (EIP-3155) shows the stack alone. What is in memory follows from the instructions that write there.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from ringfence.evm.chains.base import Call, Chain, Log
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.revert_site import CALLS, CREATES, NO_ERRORS
from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Outcome

WITH_VALUE: Final = frozenset({"CALL", "CALLCODE"})
OF_THE_CALLER: Final = frozenset({"DELEGATECALL", "CALLCODE"})  # run in the state of who calls
WORD: Final = 32
ADDRESSES: Final = 2**160


@dataclass(frozen=True, slots=True)
class StorageWrite:
    """A storage word of the contract at ``address`` is set."""

    address: str
    slot: int
    word: int


@dataclass(slots=True)
class TracedCall:
    """A call of the code at ``address`` in the state of ``context``.

    ``parts`` are its calls, logs and writes to storage, in their order.
    """

    address: str
    context: str
    data: bytes
    is_creation: bool = False
    ok: bool = True
    output: bytes = b""
    parts: "list[TracedCall | Log | StorageWrite]" = field(default_factory=list)


@dataclass(slots=True)
class MemoryFrame:
    """A call as it runs. ``output_at`` is where the output of the call within it goes, and how much."""

    call: TracedCall
    code: bytes
    memory: bytearray = field(default_factory=bytearray)
    returned: bytes = b""
    output_at: tuple[int, int] = (0, 0)

    def read(self, start: int, size: int) -> bytes:
        """Return memory, zero where nothing was written."""
        return _cut(bytes(self.memory[start : start + size]), 0, size)

    def write(self, start: int, content: bytes) -> None:
        """Write to memory."""
        if content:
            self.memory.extend(bytes(max(0, start + len(content) - len(self.memory))))
            self.memory[start : start + len(content)] = content

    def end(self, call: TracedCall) -> None:
        """Take over what a call within this one returned."""
        self.returned = call.output
        start, size = self.output_at
        self.write(start, call.output[:size])


def call_tree(trace: Iterable[str], call: Call, code: Callable[[str], bytes]) -> TracedCall | None:
    """Return the calls of a transaction by its trace, if it has one; ``code`` is that at an address."""
    whole = TracedCall(call.to, call.to, call.data)
    frames: list[MemoryFrame] = []
    begun, above = whole, None
    for entry in (json.loads(line) for line in trace if line.startswith('{"pc"')):
        above = entry["depth"] - 1 if above is None else above
        depth = entry["depth"] - above
        while len(frames) > depth:
            ended = frames.pop().call
            frames[-1].end(ended)
        if len(frames) < depth:
            frames.append(MemoryFrame(begun, begun.data if begun.is_creation else code(begun.address)))
        begun = _step(frames[-1], entry) or begun
    return whole if frames else None


def _step(frame: MemoryFrame, entry: dict[str, Any]) -> TracedCall | None:
    """Carry out an instruction as far as it moves bytes; return the call that it begins, if it does."""
    stack, name = [int(word, 16) for word in reversed(entry["stack"])], entry["opName"]
    call = frame.call
    if name in CALLS | CREATES:
        begun = _begun(frame, name, stack)
        call.parts.append(begun)
        return begun
    match name:
        case "MSTORE":
            frame.write(stack[0], stack[1].to_bytes(WORD))
        case "MSTORE8":
            frame.write(stack[0], bytes([stack[1] % 256]))
        case "MCOPY":
            frame.write(stack[0], frame.read(stack[1], stack[2]))
        case "CALLDATACOPY":
            frame.write(stack[0], _cut(b"" if call.is_creation else call.data, stack[1], stack[2]))
        case "CODECOPY":
            frame.write(stack[0], _cut(frame.code, stack[1], stack[2]))
        case "RETURNDATACOPY":
            frame.write(stack[0], _cut(frame.returned, stack[1], stack[2]))
        case "SSTORE":
            call.parts.append(StorageWrite(call.context, stack[0], stack[1]))
        case "RETURN" | "REVERT":
            call.output = frame.read(stack[0], stack[1])
        case _ if name.startswith("LOG"):
            topics = tuple(each.to_bytes(WORD) for each in stack[2 : 2 + int(name[3:])])
            call.parts.append(Log(call.context, topics, frame.read(stack[0], stack[1])))
    call.ok = name != "REVERT" and entry.get("error") in NO_ERRORS
    return None


def _begun(frame: MemoryFrame, name: str, stack: list[int]) -> TracedCall:
    """Return the call, or the creation, that an instruction begins."""
    if name in CREATES:
        frame.output_at = (0, 0)
        return TracedCall("", "", frame.read(stack[1], stack[2]), is_creation=True)
    start, size, *output_at = stack[3 if name in WITH_VALUE else 2 :][:4]
    frame.output_at = output_at[0], output_at[1]
    address = f"0x{stack[1] % ADDRESSES:040x}"
    context = frame.call.context if name in OF_THE_CALLER else address
    return TracedCall(address, context, frame.read(start, size))


def _cut(content: bytes, start: int, size: int) -> bytes:
    """Return a part of bytes, followed by zeros where there are no more."""
    return content[start : start + size].ljust(size, b"\0")


class TracingWorkspace(Workspace):
    """A workspace that notes the calls of every transaction while it ``is_tracing``, with who sent it.

    None are the calls of a transaction that takes too much gas to be traced.
    """

    is_tracing = False

    def __init__(self, chain: Chain) -> None:
        """Take a chain of this process, the kind that traces, on which nothing of the vault is yet."""
        super().__init__(chain)
        assert isinstance(chain, RevmChain)
        self.traced: list[tuple[str, TracedCall | None]] = []
        self._evm = chain

    def send(
        self, account: str, contract: str, function: str, *args: Any, seconds: int = 1, value: int = 0
    ) -> Outcome:
        """Send a transaction, in its block; one that is traced is carried out there and undone before."""
        if self.is_tracing:
            data = self.calldata(contract, function, *args)
            call = Call(self.book.text(account), self.contracts[contract], data, value)
            self._evm.advance(seconds)
            self.traced.append((account, call_tree(self._evm.trace(call), call, self._evm.code)))
            seconds = 0
        return super().send(account, contract, function, *args, seconds=seconds, value=value)

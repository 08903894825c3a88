"""An EVM that only reads: it runs a view on the present state and keeps the path that it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from ringfence.evm.views.path import GAS, WORD, Byte, NotCompilable, Path, Symbol, Word, value_of
from ringfence.evm.views.words import OPERATIONS

MOST_OPCODES: Final = 60_000  # far from where gas would run out
MOST_MEMORY: Final = 2**16  # bytes
DEEPEST: Final = 8  # calls
PRECOMPILES: Final = 32  # addresses below
JUMPDEST: Final = 0x5B
PUSHED: Final = range(0x5F, 0x80)  # PUSH0 to PUSH32
AMPLE_GAS: Final = 1_000_000


class WorldState(Protocol):
    """What a view can read. Addresses are lower-case hex text."""

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        ...

    @property
    def timestamp(self) -> int:
        """Return the present block's time, in seconds."""
        ...

    @property
    def number(self) -> int:
        """Return the present block's number."""
        ...

    def code(self, address: str) -> bytes:
        """Return the code at an address."""
        ...

    def code_hash(self, address: str) -> bytes:
        """Return the hash of the code at an address."""
        ...

    def word(self, address: str, slot: int) -> int:
        """Return a storage word."""
        ...

    def balance(self, address: str) -> int:
        """Return an account's balance, in wei."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended, and the bytes that it returned."""

    ok: bool
    output: Sequence[Byte]


class Interpreter:
    """Runs one view from call to call; all of them add to one path. ``codes`` are those that it ran."""

    def __init__(self, state: WorldState, origin: str) -> None:
        self.state, self.path, self.origin = state, Path(), origin
        self.codes: dict[str, bytes] = {}
        self._opcodes = 0
        self.timestamp = self.path.symbol("block.timestamp", (), state.timestamp)
        self.number = self.path.symbol("block.number", (), state.number)

    def call(self, code_at: str, at: str, sender: str, data: Sequence[Byte], depth: int = 0) -> Ended:
        """Run the code at one address as a contract at another; raises NotCompilable."""
        if depth > DEEPEST:
            raise NotCompilable("calls too deep")
        frame = Execution(self, self.code(code_at), at, sender, data, depth)
        while True:
            self._opcodes += 1
            if self._opcodes > MOST_OPCODES:
                raise NotCompilable("too long")
            ended = frame.step()
            if ended:
                return ended

    def code(self, address: str) -> bytes:
        """Return the code at an address, and remember that the path depends on it."""
        if address not in self.codes:
            self.codes[address] = self.state.code(address)
        return self.codes[address]

    def word(self, at: str, slot: Word) -> Symbol:
        """Return a storage word."""
        return self.path.symbol(f"word('{at}', {{0}})", (slot,), self.state.word(at, value_of(slot)))

    def balance(self, address: str) -> Symbol:
        """Return an account's balance."""
        return self.path.symbol(f"balance('{address}')", (), self.state.balance(address))


class Execution:
    """One call: its stack, its memory, and where it is in its code."""

    def __init__(
        self, run: Interpreter, code: bytes, at: str, sender: str, data: Sequence[Byte], depth: int
    ) -> None:
        self.run, self.path, self.code, self.at, self.sender = run, run.path, code, at, sender
        self.data, self.depth = data, depth
        self.stack: list[Word] = []
        self.memory: list[Byte] = []
        self.returned: Sequence[Byte] = ()
        self.place = 0
        self.ended: Ended | None = None

    def step(self) -> Ended | None:
        """Run one opcode; return how the call ended, if it did. Raises NotCompilable."""
        opcode = self.code[self.place] if self.place < len(self.code) else 0
        self.place += 1
        if opcode in PUSHED:
            size = opcode - PUSHED.start
            self.push(int.from_bytes(self.code[self.place : self.place + size].ljust(size, b"\0")))
            self.place += size
        elif opcode in OPERATIONS:
            takes = OPERATIONS[opcode].takes
            self.push(self.path.computed(opcode, tuple(self.pop() for _ in range(takes))))
        elif 0x80 <= opcode <= 0x8F:
            self.push(self._below(opcode - 0x7F))
        elif 0x90 <= opcode <= 0x9F:
            self._below(depth := opcode - 0x8E)
            self.stack[-1], self.stack[-depth] = self.stack[-depth], self.stack[-1]
        else:
            handle = HANDLERS.get(opcode)
            if handle is None:
                raise NotCompilable(f"opcode {opcode:#x}")
            handle(self)
        return self.ended

    def push(self, word: Word) -> None:
        """Put a word on the stack."""
        self.stack.append(word)

    def pop(self) -> Word:
        """Take a word off the stack."""
        self._below(1)
        return self.stack.pop()

    def fixed(self) -> int:
        """Take a word off the stack whose value must stay what it is: a place, a size."""
        return self.path.fixed(self.pop())

    def address(self) -> str:
        """Take an address off the stack."""
        return f"0x{self.fixed() & (1 << 160) - 1:040x}"

    def load(self, start: int, size: int) -> list[Byte]:
        """Return a part of memory."""
        self._grow(start + size if size else 0)
        return self.memory[start : start + size]

    def store(self, start: int, content: Sequence[Byte]) -> None:
        """Write to memory."""
        if content:
            self._grow(start + len(content))
            self.memory[start : start + len(content)] = content

    def copy(self, source: Sequence[Byte]) -> None:
        """Copy to memory, with zeros behind the end of the source."""
        start, place, size = self.fixed(), self.fixed(), self.fixed()
        self._grow(start + size if size else 0)
        self.store(start, _cut(source, place, size))

    def jump(self, to: int) -> None:
        """Go on elsewhere."""
        if to not in _destinations(self.code):
            raise NotCompilable("a jump to no destination")
        self.place = to

    def _below(self, depth: int) -> Word:
        if len(self.stack) < depth:
            raise NotCompilable("an empty stack")
        return self.stack[-depth]

    def _grow(self, size: int) -> None:
        if size > MOST_MEMORY:
            raise NotCompilable("much memory")
        if len(self.memory) < size:
            self.memory.extend([0] * (-(-size // WORD) * WORD - len(self.memory)))


def _cut(source: Sequence[Byte], place: int, size: int) -> list[Byte]:
    part = list(source[place : place + size])
    return part + [0] * (size - len(part))


@lru_cache(256)
def _destinations(code: bytes) -> frozenset[int]:
    """Return where a jump may go to: not into the data of a PUSH."""
    found, place = set(), 0
    while place < len(code):
        if code[place] == JUMPDEST:
            found.add(place)
        place += 1 + max(0, code[place] - PUSHED.start) * (code[place] in PUSHED)
    return frozenset(found)


Handler = Callable[[Execution], None]


def _pop(frame: Execution) -> None:
    frame.pop()


def _tload(frame: Execution) -> None:
    frame.pop()
    frame.push(0)  # a view begins with empty transient storage


def _mload(frame: Execution) -> None:
    frame.push(frame.path.word(frame.load(frame.fixed(), WORD)))


def _mstore(frame: Execution) -> None:
    start, word = frame.fixed(), frame.pop()
    if isinstance(word, Symbol):
        frame.store(start, [(word, at) for at in range(WORD)])
    else:
        frame.store(start, list(word.to_bytes(WORD)))


def _mstore8(frame: Execution) -> None:
    start, word = frame.fixed(), frame.pop()
    frame.store(start, [(word, WORD - 1) if isinstance(word, Symbol) else word & 255])


def _jumpi(frame: Execution) -> None:
    to, condition = frame.fixed(), frame.pop()
    if frame.path.holds(condition):
        frame.jump(to)


def _keccak(frame: Execution) -> None:
    frame.push(frame.path.hash(frame.load(frame.fixed(), frame.fixed())))


def _calldataload(frame: Execution) -> None:
    frame.push(frame.path.word(_cut(frame.data, frame.fixed(), WORD)))


def _returndatacopy(frame: Execution) -> None:
    start, place, size = frame.fixed(), frame.fixed(), frame.fixed()
    if place + size > len(frame.returned):
        raise NotCompilable("more than was returned")
    frame.store(start, frame.returned[place : place + size])


def _mcopy(frame: Execution) -> None:
    to, start, size = frame.fixed(), frame.fixed(), frame.fixed()
    frame.store(to, frame.load(start, size))


def _call(frame: Execution, *, takes_value: bool = False, is_delegated: bool = False) -> None:
    if value_of(frame.pop()) < AMPLE_GAS:
        raise NotCompilable("a call with little gas")
    to = frame.address()
    if takes_value and frame.fixed():
        raise NotCompilable("a call with value")
    given = frame.load(frame.fixed(), frame.fixed())
    start, size = frame.fixed(), frame.fixed()
    if 0 < int(to, 16) < PRECOMPILES:
        raise NotCompilable("a precompile")
    at, sender = (frame.at, frame.sender) if is_delegated else (to, frame.at)
    ended = frame.run.call(to, at, sender, given, frame.depth + 1)
    frame.returned = ended.output
    frame.store(start, ended.output[:size])
    frame.load(start, size)
    frame.push(int(ended.ok))


def _return(frame: Execution, *, ok: bool) -> None:
    frame.ended = Ended(ok, frame.load(frame.fixed(), frame.fixed()))


def _stop(frame: Execution) -> None:
    frame.ended = Ended(True, ())


HANDLERS: Final[dict[int, Handler]] = {
    0x00: _stop,
    0x20: _keccak,
    0x30: lambda frame: frame.push(int(frame.at, 16)),  # ADDRESS
    0x31: lambda frame: frame.push(frame.run.balance(frame.address())),
    0x32: lambda frame: frame.push(int(frame.run.origin, 16)),
    0x33: lambda frame: frame.push(int(frame.sender, 16)),
    0x34: lambda frame: frame.push(0),  # CALLVALUE
    0x35: _calldataload,
    0x36: lambda frame: frame.push(len(frame.data)),
    0x37: lambda frame: frame.copy(frame.data),
    0x38: lambda frame: frame.push(len(frame.code)),
    0x39: lambda frame: frame.copy(frame.code),
    0x3B: lambda frame: frame.push(len(frame.run.code(frame.address()))),
    0x3D: lambda frame: frame.push(len(frame.returned)),
    0x3E: _returndatacopy,
    0x42: lambda frame: frame.push(frame.run.timestamp),
    0x43: lambda frame: frame.push(frame.run.number),
    0x46: lambda frame: frame.push(frame.run.state.chain_id),
    0x47: lambda frame: frame.push(frame.run.balance(frame.at)),
    0x50: _pop,
    0x51: _mload,
    0x52: _mstore,
    0x53: _mstore8,
    0x54: lambda frame: frame.push(frame.run.word(frame.at, frame.pop())),
    0x56: lambda frame: frame.jump(frame.fixed()),
    0x57: _jumpi,
    0x58: lambda frame: frame.push(frame.place - 1),
    0x5A: lambda frame: frame.push(frame.path.symbol(GAS, (), 20 * AMPLE_GAS)),
    0x5B: lambda frame: None,
    0x5C: _tload,
    0x5E: _mcopy,
    0xF1: lambda frame: _call(frame, takes_value=True),
    0xF3: lambda frame: _return(frame, ok=True),
    0xF4: lambda frame: _call(frame, is_delegated=True),
    0xFA: _call,
    0xFD: lambda frame: _return(frame, ok=False),
}

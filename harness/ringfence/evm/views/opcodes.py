"""What each opcode does that a view may use; those that only compute are in ``words``."""

from collections.abc import Callable
from typing import Final, TypeAlias

from ringfence.evm.views.execution import PUSHED, Ended, Execution, cut
from ringfence.evm.views.path import GAS, WORD, NotCompilable, Symbol, value_of
from ringfence.evm.views.words import OPERATIONS

PRECOMPILES: Final = 32  # addresses below
AMPLE_GAS: Final = 1_000_000

Handler: TypeAlias = Callable[[Execution], None]


def step(frame: Execution) -> Ended | None:
    """Run one opcode; return how the call ended, if it did. Raises NotCompilable."""
    opcode = frame.code[frame.place] if frame.place < len(frame.code) else 0
    frame.place += 1
    if opcode in PUSHED:
        size = opcode - PUSHED.start
        frame.push(int.from_bytes(frame.code[frame.place : frame.place + size].ljust(size, b"\0")))
        frame.place += size
    elif opcode in OPERATIONS:
        takes = OPERATIONS[opcode].takes
        frame.push(frame.path.computed(opcode, tuple(frame.pop() for _ in range(takes))))
    elif 0x80 <= opcode <= 0x8F:
        frame.push(frame.below(opcode - 0x7F))
    elif 0x90 <= opcode <= 0x9F:
        frame.below(depth := opcode - 0x8E)
        frame.stack[-1], frame.stack[-depth] = frame.stack[-depth], frame.stack[-1]
    else:
        handle = HANDLERS.get(opcode)
        if handle is None:
            raise NotCompilable(f"opcode {opcode:#x}")
        handle(frame)
    return frame.ended


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
    frame.push(frame.path.word(cut(frame.data, frame.fixed(), WORD)))


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

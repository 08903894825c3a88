"""Where a transaction reverts, from its trace: a line of a source, or a contract's program counter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ringfence.evm.artifacts import Artifact

ENTRY: Final = re.compile(
    r'\{"pc":(\d+),.*"stack":\[(.*?)\],"depth":(\d+),.*"opName":"(\w+)"(?:,"error":"(\w+))?'
)
CALLS: Final = frozenset({"CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"})
CREATES: Final = frozenset({"CREATE", "CREATE2"})
NO_ERRORS: Final = frozenset({None, "CallOrCreate", "Return", "Stop", "SelfDestruct"})  # of an instruction


@dataclass(slots=True)
class CallFrame:
    """A call: the address of its code, its program counters up to the last condition, those after it, and the
    last call in it that reverted.
    """

    address: str
    counters: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    reverted: "CallFrame | None" = None

    def enter(self, counter: int, operation: str) -> None:
        """Go on to an instruction."""
        self.after.append(counter)
        if operation == "JUMPI":
            self.counters += self.after
            self.after.clear()

    def site(self, artifact: Artifact) -> str:
        """Return where the call reverts: the line of its last condition, without a source map the counter.

        What comes after a condition, the optimiser joins with what comes after others.
        """
        counters = self.counters or self.after
        lines = map(artifact.source_map.line, reversed(counters)) if artifact.source_map else ()
        return next(filter(None, lines), f"{artifact.name}+{counters[-1]:#x}")


def reverting_frame(trace: Iterable[str], to: str) -> CallFrame | None:
    """Return the innermost call that reverts in the trace (EIP-3155) of a call to an address, if it reverts.

    A call that passes the revert of one within it on is passed over. Depths count from the first entry's: a
    snapshot of the EVM takes one.
    """
    frames: list[CallFrame] = []
    above: int | None = None
    failed: CallFrame | None = None
    called = to
    for entry in filter(None, map(ENTRY.match, trace)):
        counter, stack, stated, operation, error = entry.groups()
        above = int(stated) - 1 if above is None else above
        depth = int(stated) - above
        del frames[depth:]
        if len(frames) < depth:
            frames.append(CallFrame(called))
        frame = frames[-1]
        frame.enter(int(counter), operation)
        if error not in NO_ERRORS:
            failed = frame.reverted or frame
            if len(frames) > 1:
                frames[-2].reverted = failed
        elif operation in CALLS | CREATES:
            frame.reverted = None
            called = _address(stack) if operation in CALLS else ""
    return failed


def outermost_counters(trace: Iterable[str]) -> Iterator[int]:
    """Yield the program counters of a trace's first call, without those of the calls in it."""
    outermost = None
    for entry in filter(None, map(ENTRY.match, trace)):
        counter, _, depth, *_ = entry.groups()
        outermost = outermost or depth
        if depth == outermost:
            yield int(counter)


def _address(stack: str) -> str:
    """Return the address that a call takes from the stack, below the gas."""
    word = stack.split(",")[-2].strip('"')
    return f"0x{int(word, 16) % 2**160:040x}"

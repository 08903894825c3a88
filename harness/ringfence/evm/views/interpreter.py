"""An EVM that only reads: it runs a view on the present state and keeps the path that it takes."""

from collections.abc import Sequence
from typing import Final, Protocol

from ringfence.evm.views.execution import Ended, Execution
from ringfence.evm.views.opcodes import step
from ringfence.evm.views.path import Byte, NotCompilable, Path, Symbol, TooLong, Word, value_of

MOST_OPCODES: Final = 60_000  # far from where gas would run out
DEEPEST: Final = 8  # calls


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


class Interpreter:
    """Runs one view from call to call; all of them add to one path. ``codes`` are those that it ran."""

    state: WorldState
    path: Path
    origin: str
    timestamp: Symbol
    number: Symbol

    def __init__(self, state: WorldState, origin: str, most_opcodes: int) -> None:
        self.state, self.path, self.origin = state, Path(), origin
        self._most = min(most_opcodes, MOST_OPCODES)
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
            if self._opcodes > self._most:
                raise TooLong("too long")
            ended = step(frame)
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

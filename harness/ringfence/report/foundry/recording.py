"""A chain that writes down what is asked of it, so that the same can be asked elsewhere."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from ringfence.evm.chains.base import Call, Chain, Receipt, Reverted


@dataclass(frozen=True, slots=True)
class Created:
    """A contract was deployed at ``address``."""

    code: bytes
    sender: str
    address: str
    timestamp: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction, and whether it was carried out."""

    call: Call
    ok: bool
    output: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A read-only call, and what it returned or reverted with."""

    call: Call
    ok: bool
    output: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class TookMark:
    """A state to go back to, the first, second, ... of the recording."""

    number: int


@dataclass(frozen=True, slots=True)
class WentBack:
    """The state of a mark was restored."""

    number: int


Entry: TypeAlias = Created | Sent | Asked | TookMark | WentBack


class RecordingChain:
    """Passes everything on to a chain; ``entries`` is what was asked, in order."""

    def __init__(self, chain: Chain) -> None:
        self.entries: list[Entry] = []
        self._chain = chain
        self._marks: list[object] = []

    def __getattr__(self, name: str) -> Any:
        """Return whatever is not written down: the chain's name, times, storage."""
        return getattr(self._chain, name)

    def deploy(self, creation_code: bytes, sender: str) -> str:
        """Deploy; raises Reverted."""
        address = self._chain.deploy(creation_code, sender).lower()
        self.entries.append(Created(creation_code, sender, address, self.timestamp))
        return address

    def send(self, call: Call, seconds: int) -> Receipt:
        """Run a transaction."""
        receipt = self._chain.send(call, seconds)
        self.entries.append(Sent(call, receipt.ok, receipt.output, self.timestamp))
        return receipt

    def call(self, to: str, data: bytes, sender: str) -> bytes:
        """Return what a read-only call returns; raises Reverted."""
        ok, output = True, b""
        try:
            output = self._chain.call(to, data, sender)
        except Reverted as reverted:
            ok, output = False, reverted.output
            raise
        finally:
            self.entries.append(Asked(Call(sender, to, data), ok, output, self.timestamp))
        return output

    def snapshot(self) -> int:
        """Return the number of a mark."""
        self._marks.append(self._chain.snapshot())
        self.entries.append(TookMark(len(self._marks) - 1))
        return len(self._marks) - 1

    def restore(self, mark: object) -> None:
        """Go back to a mark."""
        assert isinstance(mark, int)
        self._chain.restore(self._marks[mark])
        self.entries.append(WentBack(mark))

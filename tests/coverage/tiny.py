"""A small contract with marks in it, on a chain of its own."""

from pathlib import Path

from ringfence.evm.abi import AddressBook, Interface
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Call, Receipt
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import solidity
from ringfence.evm.projects.rewriting import rewriting
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.marks import reached
from ringfence.measure.coverage.reached import Reached
from ringfence.types.outcome import Value
from ringfence.types.roles import OWNER, addresses

SOURCE = Path(__file__).with_name("Tiny.sol")
ANY_SIZE = 2**20


class Tiny:
    """The contract, and what calls of it have reached."""

    def __init__(self, artifact: Artifact, marking: Marking) -> None:
        self._chain, self._marking = RevmChain(ANY_SIZE), marking
        self._sender = addresses()[OWNER]
        self.address = self._chain.deploy(artifact.bytecode, self._sender)
        self._interface = Interface(artifact.abi, AddressBook({OWNER: self._sender, "tiny": self.address}))

    def do(self, function: str, *args: Value) -> Receipt:
        """Send a call."""
        return self._chain.send(Call(self._sender, self.address, self._interface[function].call(*args)), 1)

    @property
    def reached(self) -> Reached:
        """Return what was reached so far."""
        hits = reached(self._chain.asked_for())
        return Reached(self._marking.points, self._marking.texts, hits)


def compiled(folder: Path, *, marked: bool = True) -> tuple[Artifact, Marking]:
    """Compile the contract in a folder of its own."""
    (folder / SOURCE.name).write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    marking = Marking()
    project = solidity(folder)
    if not marked:
        return project["Tiny"], marking
    with rewriting(
        lambda _, sources, trees: marking.mark(sources, trees(), {each: each for each in sources})
    ):
        return project["Tiny"], marking

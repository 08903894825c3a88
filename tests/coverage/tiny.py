"""A small contract with marks in it, on a chain of its own."""

from pathlib import Path

from ringfence.evm.abi import AddressBook, Interface
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Call, Receipt
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import solidity
from ringfence.evm.projects.rewriting import rewriting
from ringfence.measure.coverage.instrument import Instrumentation
from ringfence.measure.coverage.marks import hits_of
from ringfence.measure.coverage.reached import Reached
from ringfence.types.outcome import Value
from ringfence.types.roles import OWNER, addresses

SOURCE = Path(__file__).with_name("Tiny.sol")
ANY_SIZE = 2**20


class Tiny:
    """The contract, and what calls of it have reached."""

    def __init__(self, artifact: Artifact, marks: Instrumentation) -> None:
        self._chain, self._marks = RevmChain(ANY_SIZE), marks
        self._sender = addresses()[OWNER]
        self.address = self._chain.deploy(artifact.bytecode, self._sender)
        self._interface = Interface(artifact.abi, AddressBook({OWNER: self._sender, "tiny": self.address}))

    def do(self, function: str, *args: Value) -> Receipt:
        """Send a call."""
        return self._chain.send(Call(self._sender, self.address, self._interface[function].call(*args)), 1)

    @property
    def reached(self) -> Reached:
        """Return what was reached so far."""
        return Reached(self._marks.points, self._marks.texts, hits_of(self._chain))


def compiled(folder: Path, *, is_instrumented: bool = True) -> tuple[Artifact, Instrumentation]:
    """Compile the contract in a folder of its own."""
    (folder / SOURCE.name).write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    marks, project = Instrumentation(), solidity(folder)
    if not is_instrumented:
        return project["Tiny"], marks
    with rewriting(lambda _, sources, trees: marks.of(sources, trees(), {each: each for each in sources})):
        return project["Tiny"], marks

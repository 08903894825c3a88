"""What contracts answer, by the names of their functions."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from ringfence.evm.abi import Interface, MalformedOutput
from ringfence.evm.abi.names import AddressBook
from ringfence.evm.artifacts import compiled
from ringfence.evm.chains.base import Reverted
from ringfence.types.outcome import Value

from ringfence_operations.node.client import Node

TOKEN: Final = "MockToken"  # has every function of an ordinary token
FEED: Final = "IPriceFeed"
NAMES: Final = AddressBook({})  # addresses stay hex text


@dataclass(frozen=True, slots=True)
class Views:
    """The views of contracts on a node, all at one block."""

    node: Node
    block: int | str = "latest"

    def ask(self, contract: str, address: str, view: str, *args: Value) -> Value:
        """Return what a view answers.

        Raises:
            Reverted: it refuses, or what is at the address is no such contract.
            NodeUnreachable, NodeRefused: there is no answer at all.
        """
        function = interface(contract)[view]
        output = self.node.call(address, function.call(*args), self.block)
        try:
            return function.result(output)
        except MalformedOutput:
            raise Reverted(output) from None

    def number(self, contract: str, address: str, view: str, *args: Value) -> int:
        """Return the number that a view answers; raises as ``ask``."""
        answer = self.ask(contract, address, view, *args)
        assert isinstance(answer, int)
        return answer


@cache
def interface(contract: str) -> Interface:
    """Return a compiled contract's interface, addresses being hex text."""
    return Interface(compiled(contract)["abi"], NAMES)

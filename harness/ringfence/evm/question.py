"""A question to a view, encoded once; its answer is decoded again only when the bytes differ."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from ringfence.evm.abi.interface import Function
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.outcome import Value

MOST_QUESTIONS: Final = 2**14


@dataclass(slots=True)
class Question:
    """A view of one contract with its arguments, and what it answered last."""

    ask: Callable[[], bytes]
    function: Function
    output: bytes | None = None
    value: Value = None

    def answer(self) -> Value:
        """Return what the view answers now; raises Reverted, MalformedOutput."""
        output = self.ask()
        if output != self.output:
            self.value = self.function.result(output)
            self.output = output
        return self.value


def question(chain: Chain, to: str, data: bytes, sender: str, function: Function) -> Question:
    """Return a question, which is compiled on a chain that can."""
    prepared = chain.prepared if isinstance(chain, RevmChain) else partial(partial, chain.call)
    return Question(prepared(to, data, sender), function)

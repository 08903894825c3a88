"""A contract's interface, compiled from its ABI: functions, events and errors by name."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final

from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

from ringfence.evm.abi.coder import Coder, coder, tuple_coder
from ringfence.evm.abi.names import AddressBook
from ringfence.types.outcome import Event, Refused, Value

SOLIDITY_ERRORS: Final = (
    {"type": "error", "name": "Panic", "inputs": [{"type": "uint256"}]},
    {"type": "error", "name": "Error", "inputs": [{"type": "string"}]},
)


class Function:
    """One function: its calldata, and the value it returns."""

    def __init__(self, entry: dict[str, Any], book: AddressBook) -> None:
        self._selector = digest(entry)[:4]
        self._inputs = inputs_coder(entry["inputs"], book)
        outputs = [coder(part, book) for part in entry["outputs"]]
        self._outputs = tuple_coder(outputs)
        self._count = len(outputs)

    def call(self, *args: Value) -> bytes:
        """Return the calldata; raises EncodingError."""
        return self._selector + self._inputs.encode(args)

    def result(self, output: bytes) -> Value:
        """Return nothing, the one value, or a tuple of the values returned; raises MalformedOutput."""
        values = self._outputs.decode(output, 0)
        assert isinstance(values, tuple)
        return values[0] if self._count == 1 else values or None


class Interface:
    """The functions and the events of one contract."""

    def __init__(self, abi: Iterable[dict[str, Any]], book: AddressBook) -> None:
        """Compile ``abi``; of overloaded functions, the one with the fewest inputs is kept."""
        entries = sorted(abi, key=lambda entry: -len(entry.get("inputs", ())))
        self.functions = {e["name"]: Function(e, book) for e in entries if e["type"] == "function"}
        self._events = {digest(e): _event_reader(e, book) for e in entries if e["type"] == "event"}

    def __getitem__(self, function: str) -> Function:
        """Return the function of that name; raises KeyError."""
        return self.functions[function]

    def event(self, emitter: str, topics: Sequence[bytes], content: bytes) -> Event:
        """Return a log as an event; one that the interface does not know is called by its first topic."""
        reader = self._events.get(topics[0]) if topics else None
        if reader is None:
            return Event(emitter, "?", (*topics, content))
        name, read = reader
        return Event(emitter, name, read(topics, content))


class Refusals:
    """The errors that a call may end in, of every contract it may reach."""

    def __init__(self, abis: Iterable[Iterable[dict[str, Any]]], book: AddressBook) -> None:
        """Know the errors of contracts; ``book`` names the addresses in their arguments."""
        self._book = book
        self._errors: dict[bytes, tuple[str, Coder]] = {}
        for abi in (*abis, SOLIDITY_ERRORS):
            self.add(abi)

    def add(self, abi: Iterable[dict[str, Any]]) -> None:
        """Know the errors of one more contract."""
        for entry in abi:
            if entry["type"] == "error":
                inputs = inputs_coder(entry["inputs"], self._book)
                self._errors[digest(entry)[:4]] = entry["name"], inputs

    def read(self, output: bytes) -> Refused:
        """Return revert data as a refusal: ``Empty`` without data, ``Unknown`` for an undeclared one."""
        if not output:
            return Refused("Empty", ())
        known = self._errors.get(output[:4])
        if known is None:
            return Refused("Unknown", (output,))
        name, inputs = known
        args = inputs.decode(output[4:], 0)
        assert isinstance(args, tuple)
        return Refused(name, args)


def inputs_coder(inputs: Iterable[dict[str, Any]], book: AddressBook) -> Coder:
    """Return the coder of a list of parameters."""
    return tuple_coder([coder(part, book) for part in inputs])


def digest(entry: dict[str, Any]) -> bytes:
    """Return the hash of a signature: an event's first topic, and in its first four bytes a selector."""
    return hash_of(f"{entry['name']}({','.join(collapse_if_tuple(part) for part in entry['inputs'])})")


@cache
def hash_of(signature: str) -> bytes:
    """Return keccak256 of a signature."""
    return keccak(text=signature)


def _event_reader(
    entry: dict[str, Any], book: AddressBook
) -> tuple[str, Callable[[Sequence[bytes], bytes], tuple[Value, ...]]]:
    """Return an event's name and what reads its arguments, the indexed ones being single words."""
    indexed = [part["indexed"] for part in entry["inputs"]]
    topics_first = sorted(range(len(indexed)), key=lambda place: not indexed[place])
    order = [topics_first.index(place) for place in range(len(indexed))]
    topics_coder = inputs_coder([part for part in entry["inputs"] if part["indexed"]], book)
    content_coder = inputs_coder([part for part in entry["inputs"] if not part["indexed"]], book)

    def read(topics: Sequence[bytes], content: bytes) -> tuple[Value, ...]:
        words, rest = topics_coder.decode(b"".join(topics[1:]), 0), content_coder.decode(content, 0)
        assert isinstance(words, tuple)
        assert isinstance(rest, tuple)
        values = words + rest
        return tuple([values[place] for place in order])

    return entry["name"], read

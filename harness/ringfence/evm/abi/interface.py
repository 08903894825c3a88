"""A contract's interface, compiled from its ABI: functions, events and errors by name."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final

from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

from ringfence.evm.abi.coder import WORD_TYPES, Coder, MalformedOutput, coder, tuple_coder
from ringfence.evm.abi.names import AddressBook, UnknownName
from ringfence.types.outcome import Event, Refused, Value

SOLIDITY_ERRORS: Final = (
    {"type": "error", "name": "Panic", "inputs": [{"type": "uint256"}]},
    {"type": "error", "name": "Error", "inputs": [{"type": "string"}]},
)


class Function:
    """One function: its calldata, and the value it returns. ``input_types`` are as the ABI has them."""

    def __init__(self, entry: dict[str, Any], book: AddressBook) -> None:
        self._selector = digest(entry)[:4]
        self.input_types: Final = [part["type"] for part in entry["inputs"]]
        self._inputs = inputs_coder(entry["inputs"], book)
        outputs = [coder(part, book) for part in entry["outputs"]]
        self._outputs = tuple_coder(outputs)
        self._count = len(outputs)
        self._is_truth = [part["type"] for part in entry["outputs"]] == ["bool"]

    def call(self, *args: Value) -> bytes:
        """Return the calldata; raises EncodingError."""
        return self._selector + self._inputs.encode(args)

    def result(self, output: bytes) -> Value:
        """Return nothing, the one value, or a tuple of the values returned; None for a truth value left out.

        Raises MalformedOutput.
        """
        if not output and self._is_truth:
            return None  # a token that returns nothing, where its ABI says it does
        values = self._outputs.decode(output, 0)
        assert isinstance(values, tuple)
        return values[0] if self._count == 1 else values or None


class Interface:
    """The functions and the events of one contract."""

    def __init__(
        self, abi: Iterable[dict[str, Any]], book: AddressBook, contract: str = "the contract"
    ) -> None:
        """Compile ``abi``. Functions are called by name, or by signature: ``sign(uint256)``.

        A name that is overloaded is that of the function with the fewest inputs. ``contract`` is what
        messages call it.
        """
        self._contract = contract
        entries = sorted(abi, key=lambda entry: -len(entry.get("inputs", ())))
        functions = [(e, Function(e, book)) for e in entries if e["type"] == "function"]
        self.functions = {e["name"]: function for e, function in functions}
        self._signatures = {signature(e): function for e, function in functions}
        self._events = {digest(e): _event_reader(e, book) for e in entries if e["type"] == "event"}

    def __getitem__(self, function: str) -> Function:
        """Return the function of that name or signature; raises UnknownName."""
        found = self.functions.get(function) or self._signatures.get(function)
        if found is None:
            known = self._signatures if "(" in function else self.functions
            raise UnknownName(f"{self._contract} has no function", function, known)
        return found

    def overloads(self, function: str) -> list[str]:
        """Return the signatures of all functions of a name."""
        return [each for each in self._signatures if each.startswith(f"{function}(")]

    def called(self, function: str, count: int) -> str:
        """Return what the function of a name with ``count`` inputs is called: its signature if overloaded."""
        overloads = self.overloads(function)
        fitting = (each for each in overloads if len(self._signatures[each].input_types) == count)
        return next(fitting) if len(overloads) > 1 else function

    def knows(self, topics: Sequence[bytes]) -> bool:
        """Return whether a log is one of its events."""
        return bool(topics) and topics[0] in self._events

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
        """Return revert data as a refusal: ``Empty`` without data, ``Unknown`` for data of no known error."""
        if not output:
            return Refused("Empty", ())
        known = self._errors.get(output[:4])
        if known is None:
            return Refused("Unknown", (output,))
        name, inputs = known
        try:
            args = inputs.decode(output[4:], 0)
        except MalformedOutput:  # a bare selector, say
            return Refused("Unknown", (output,))
        assert isinstance(args, tuple)
        return Refused(name, args)


def inputs_coder(inputs: Iterable[dict[str, Any]], book: AddressBook) -> Coder:
    """Return the coder of a list of parameters."""
    return tuple_coder([coder(part, book) for part in inputs])


def digest(entry: dict[str, Any]) -> bytes:
    """Return the hash of a signature: an event's first topic, and in its first four bytes a selector."""
    return hash_of(signature(entry))


def signature(entry: dict[str, Any]) -> str:
    """Return the signature of a function, an event or an error: ``sign(uint256)``."""
    return f"{entry['name']}({','.join(collapse_if_tuple(part) for part in entry['inputs'])})"


@cache
def hash_of(signature: str) -> bytes:
    """Return keccak256 of a signature."""
    return keccak(text=signature)


def _as_topic(part: dict[str, Any]) -> dict[str, Any]:
    """Return an indexed argument as it is logged: a string, an array or a struct as its hash."""
    return part if WORD_TYPES.fullmatch(part["type"]) else {"type": "bytes32"}


def _event_reader(
    entry: dict[str, Any], book: AddressBook
) -> tuple[str, Callable[[Sequence[bytes], bytes], tuple[Value, ...]]]:
    """Return an event's name and what reads its arguments, the indexed ones being single words."""
    is_topic = [part["indexed"] for part in entry["inputs"]]
    topics_first = sorted(range(len(is_topic)), key=lambda place: not is_topic[place])
    order = [topics_first.index(place) for place in range(len(is_topic))]
    words = [_as_topic(part) for part in entry["inputs"] if part["indexed"]]
    topics_coder = inputs_coder(words, book)
    content_coder = inputs_coder([part for part in entry["inputs"] if not part["indexed"]], book)

    def read(topics: Sequence[bytes], content: bytes) -> tuple[Value, ...]:
        indexed, rest = topics_coder.decode(b"".join(topics[1:]), 0), content_coder.decode(content, 0)
        assert isinstance(indexed, tuple)
        assert isinstance(rest, tuple)
        values = indexed + rest
        return tuple([values[place] for place in order])

    return entry["name"], read

"""What the model says came of an action, as the bytes that the vault must give back."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from isolated_margin.errors import Refusal
from isolated_margin.events import LoggedEvent

from ringfence.evm.abi.interface import digest
from ringfence.evm.workspace import Workspace
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.fast.encoding import Encode, Flat, Words, selector
from ringfence.vaults.isolated_margin.reference.model_values import EVENTS, STRUCTS, abi_name
from ringfence.vaults.isolated_margin.shapes import RETURNED

Log: TypeAlias = tuple[list[bytes], bytes]  # topics and data, as revm gives them
Write: TypeAlias = Callable[[Any], Log]


class ExpectedBytes:
    """Writes returned values, events and errors for one market."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        """Prepare what writes each of them."""
        self._words = words
        artifacts = {name: workspace.artifacts[name] for name in (VAULT, POOL, TOKEN)}
        self._events = {
            (emitter, kind): self._event(kind, entry)
            for emitter, artifact in artifacts.items()
            for entry in artifact.abi
            if entry["type"] == "event" and (kind := EVENTS.get(entry["name"]))
        }
        self._errors = {
            entry["name"]: (selector(entry), words.sequence(part["type"] for part in entry["inputs"]))
            for artifact in artifacts.values()
            for entry in artifact.abi
            if entry["type"] == "error" and all(_is_elementary(part) for part in entry["inputs"])
        }
        self._structs = {
            kind: self._struct(kind, artifacts[VAULT].abi) for kind in set(RETURNED.values()) & set(STRUCTS)
        }
        self._number, self._flag = words.encoder("uint256"), words.encoder("bool")

    def log(self, emitter: str, event: LoggedEvent) -> Log:
        """Return an event's topics and data; raises KeyError, or OverflowError, for one that can't be."""
        return self._events[emitter, type(event)](event)

    def error(self, refusal: Refusal) -> bytes:
        """Return a refusal's revert data; raises as ``log``."""
        head, encode = self._errors[refusal.name]
        return head + encode(refusal.args)

    def value(self, value: object) -> bytes:
        """Return what a function returns; raises as ``log``."""
        if value is None:
            return b""
        if type(value) is int:
            return self._number(value)
        return self._flag(value) if type(value) is bool else self._structs[type(value)](value)

    def _event(self, kind: type[LoggedEvent], entry: dict[str, Any]) -> Write:
        """Return what writes an event of the model as the ABI has it."""
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # every event is a dataclass
        topics: list[Flat] = []
        content: list[Flat] = []
        for name, part in zip(names, entry["inputs"], strict=True):
            (topics if part["indexed"] else content).extend(_flat(kind, name, part))
        first, encode, indexed = digest(entry), self._words.row([*topics, *content]), len(topics)

        def write(event: LoggedEvent) -> Log:
            words = encode(event)
            return [first, *words[:indexed]], b"".join(words[indexed:])

        return write

    def _struct(self, kind: type, abi: list[dict[str, Any]]) -> Encode:
        """Return what writes a struct that functions return."""
        wanted = f"struct {abi_name(kind)}"
        outputs = [part for entry in abi for part in entry.get("outputs", ())]
        part = next(part for part in outputs if part["internalType"] == wanted)
        encode = self._words.row(_members(kind, part, ""))
        return lambda value: b"".join(encode(value))


def _flat(kind: Any, name: str, part: dict[str, Any]) -> Iterator[Flat]:
    """Yield the words of one field, a struct's in the order of its members."""
    if part["type"] != "tuple":
        yield name, part["type"]
        return
    inner = next(field.type for field in fields(kind) if field.name == name)
    yield from _members(inner, part, f"{name}.")


def _members(kind: Any, part: dict[str, Any], path: str) -> Iterator[Flat]:
    assert is_dataclass(kind), f"{kind} is no struct of the model"
    for field, member in zip(fields(kind), part["components"], strict=True):
        for name, elementary in _flat(kind, field.name, member):
            yield path + name, elementary


def _is_elementary(part: dict[str, Any]) -> bool:
    return part["type"] not in ("string", "bytes", "tuple") and not part["type"].endswith("]")

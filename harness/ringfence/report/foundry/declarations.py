"""What a test declares of a vault's contracts: interfaces of what it calls, structs, errors and events."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ringfence.evm.abi.coder import ARRAY
from ringfence.evm.abi.interface import signature
from ringfence.evm.artifacts import Artifact

Part = Mapping[str, Any]  # a parameter in an ABI
RESERVED: Final = re.compile(  # words of Solidity's, and of the test's own
    "address|after|bool|byte|bytes|calldata|case|days|default|event|final|hours|in|int|let|match|memory|minutes"
    "|of|public|reference|seconds|static|storage|string|switch|this|type|uint|var|view|weeks"
    "|account|code|deploy|found|fund|height|returned|same|setUp|start|steps|time|vm|wait"
)


class Declarations:
    """Collects what a test uses: interfaces with their members by signature, structs, events."""

    def __init__(self) -> None:
        """Declare nothing."""
        self.interfaces: dict[str, dict[str, str]] = {}
        self.structs: dict[str, list[str]] = {}
        self.events: dict[str, None] = {}

    def interface(self, artifact: Artifact) -> str:
        """Return what a contract's interface is called."""
        self.interfaces.setdefault(f"I{artifact.name}", {})
        return f"I{artifact.name}"

    def function(self, artifact: Artifact, entry: Part, *, returns_nothing: bool) -> None:
        """Declare a function, which may return nothing although its ABI says that it does."""
        mutability = entry.get("stateMutability", "nonpayable")
        can = "" if mutability == "nonpayable" else f" {mutability}"
        outputs = "" if returns_nothing else self._list(returned(entry))
        returns = f" returns ({outputs})" if outputs else ""
        declared = f"function {entry['name']}({self._list(entry['inputs'])}) external{can}{returns};"
        members = self.interfaces[self.interface(artifact)]
        members[signature(dict(entry))] = (
            declared if returns_nothing else members.get(signature(dict(entry)), declared)
        )

    def error(self, artifact: Artifact, entry: Part) -> str:
        """Declare an error; return its name."""
        interface = self.interface(artifact)
        inputs = ", ".join(f"{self.kind(part)} {part['name']}".strip() for part in entry["inputs"])
        declared = f"error {entry['name']}({inputs});"
        self.interfaces[interface][f"error {signature(dict(entry))}"] = declared
        return f"{interface}.{entry['name']}"

    def event(self, entry: Part) -> None:
        """Declare an event in the test itself: only from Solidity 0.8.21 on others' can be emitted."""
        parts = [f"{self.kind(part)}{' indexed' if part['indexed'] else ''}" for part in entry["inputs"]]
        self.events[f"event {entry['name']}({', '.join(parts)});"] = None

    def kind(self, part: Part) -> str:
        """Return the Solidity type of a parameter."""
        if array := ARRAY.fullmatch(part["type"]):
            return f"{self.kind({**part, 'type': array[1]})}[{array[2]}]"
        if part["type"] != "tuple":
            return "bytes24" if part["type"] == "function" else str(part["type"])
        stated: str = part.get("internalType", part["name"]).partition("[")[0]
        name = stated.replace(".", " ").rpartition(" ")[2] or "Values"
        members = [f"{self.kind(each)} {member(each, at)};" for at, each in enumerate(part["components"])]
        while self.structs.setdefault(name, members) != members:
            name += "_"
        return name

    def _list(self, parts: Sequence[Part]) -> str:
        return ", ".join(f"{self.typed(part)} {identifier(part['name'])}".strip() for part in parts)

    def typed(self, part: Part) -> str:
        """Return the type of a parameter, with where it is kept."""
        is_flat = part["type"] not in ("tuple", "bytes", "string") and not ARRAY.fullmatch(part["type"])
        return self.kind(part) if is_flat else f"{self.kind(part)} memory"


def identifier(name: str) -> str:
    """Return a name that Solidity takes, and that the test does not have itself."""
    return f"{name}_" if RESERVED.fullmatch(name) else name


def member(part: Part, place: int) -> str:
    """Return the name of a part of a struct."""
    return identifier(part["name"]) or f"value{place}"


def returned(entry: Part) -> list[Part]:
    """Return what a function returns; several values of fixed size as one struct, which is laid out alike."""
    outputs: list[Part] = entry["outputs"]
    if len(outputs) < 2 or any(map(is_dynamic, outputs)):
        return outputs
    name = entry["name"][:1].upper() + entry["name"][1:]
    return [{"name": "", "type": "tuple", "internalType": f"struct {name}Values", "components": outputs}]


def is_dynamic(part: Part) -> bool:
    """Return whether values of a type have no fixed size."""
    kind = part["type"]
    if array := ARRAY.fullmatch(kind):
        return not array[2] or is_dynamic({**part, "type": array[1]})
    return kind in ("bytes", "string") or any(map(is_dynamic, part.get("components", ())))

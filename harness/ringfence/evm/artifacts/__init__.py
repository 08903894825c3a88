"""The compiled contracts, as ``make compile`` leaves them beside this file."""

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from ringfence.evm.source_map import SourceMap
from ringfence.types.errors import RingfenceError


class ArtifactMissing(RingfenceError):
    """A contract has not been compiled."""


@dataclass(frozen=True)
class Artifact:
    """A compiled contract: its ABI entries, its creation code, solc's storage layout; its lines, if known.

    ``links`` says at which byte of the code the address of which library belongs.
    """

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    storage_layout: dict[str, Any]
    source_map: SourceMap | None = None
    links: "tuple[tuple[int, Artifact | str], ...]" = ()

    def linked(self, **addresses: str) -> "Artifact":
        """Return the contract with the addresses of libraries that are on the chain already."""
        links = tuple(
            (offset, addresses.get(library.name, library) if isinstance(library, Artifact) else library)
            for offset, library in self.links
        )
        return replace(self, links=links)

    @staticmethod
    def of(name: str, compiled: dict[str, Any]) -> "Artifact":
        """Return an artifact from the file's content; an interface has no creation code."""
        bytecode = bytes.fromhex(compiled["bytecode"].removeprefix("0x"))
        return Artifact(name, compiled["abi"], bytecode, compiled["storageLayout"])


@cache
def load(name: str) -> Artifact:
    """Return the contract called ``name``; raises ArtifactMissing."""
    return Artifact.of(name, compiled(name))


def compiled(name: str) -> dict[str, Any]:
    """Return all that the compiler wrote of a contract; raises ArtifactMissing."""
    source = files(__name__) / f"{name}.json"
    if not source.is_file():
        raise ArtifactMissing(f"{name} is not compiled: run `make compile`")
    content: dict[str, Any] = json.loads(source.read_text())
    return content


def loaded() -> list[Artifact]:
    """Return every compiled contract, in the order of their names."""
    names = sorted(entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".json"))
    return [load(name.removesuffix(".json")) for name in names]


def mock(name: str) -> Artifact:
    """Return a contract that stands in for one that a vault needs: ``MockToken`` or ``SettableFeed``.

    Both are made with their decimals. Raises ArtifactMissing.
    """
    return load(name)

"""The contracts of a market as they were compiled: what is deployed, and what explorers verify it by."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from eth_utils.crypto import keccak
from ringfence.evm.artifacts import compiled
from ringfence.types.errors import RingfenceError

from ringfence_operations.market.manifest import Compiler

ROOT: Final = Path(__file__).resolve().parents[3]
FACTORY: Final = "VaultFactory"
LENS: Final = "VaultLens"
VAULT: Final = "IsolatedMarginVault"
POOL: Final = "LiquidityPool"
DEPLOYED: Final = (FACTORY, LENS, VAULT, POOL)


@dataclass(frozen=True)
class Build:
    """A compiled contract. ``immutables``: start and length of what its constructor writes in ``runtime``."""

    name: str
    abi: list[dict[str, Any]]
    creation: bytes
    runtime: bytes
    immutables: tuple[tuple[int, int], ...]
    metadata: dict[str, Any]

    @property
    def creation_hash(self) -> str:
        """Return the hash of the creation code without arguments, as the factory pins it."""
        return "0x" + keccak(self.creation).hex()

    def is_code_of(self, code: bytes) -> bool:
        """Return whether code at an address is this contract's, whatever its constructor wrote into it."""
        return len(code) == len(self.runtime) and self._masked(code) == self._masked(self.runtime)

    def _masked(self, code: bytes) -> bytes:
        masked = bytearray(code)
        for start, length in self.immutables:
            masked[start : start + length] = bytes(length)
        return bytes(masked)


@cache
def build(name: str) -> Build:
    """Return the compiled contract called ``name``; raises ArtifactMissing."""
    entry = compiled(name)
    return Build(
        name,
        entry["abi"],
        bytes.fromhex(entry["bytecode"].removeprefix("0x")),
        bytes.fromhex(entry["deployedBytecode"].removeprefix("0x")),
        tuple((start, length) for start, length in entry["immutables"]),
        json.loads(entry["metadata"]),
    )


def compiler() -> Compiler:
    """Return the settings that the market's contracts were compiled with."""
    metadata = build(VAULT).metadata
    settings = metadata["settings"]
    optimizer = settings["optimizer"]
    return Compiler(
        metadata["compiler"]["version"],
        settings["evmVersion"],
        optimizer["enabled"],
        optimizer["runs"],
        settings.get("viaIR", False),
    )


def standard_json(names: Iterable[str] = DEPLOYED, root: Path = ROOT) -> str:
    """Return the compiler's input that makes these contracts again, every source included.

    Raises:
        RingfenceError: a source is not there, or is no longer the one that was compiled.
    """
    builds = [build(name) for name in names]
    hashes = {path: entry["keccak256"] for each in builds for path, entry in each.metadata["sources"].items()}
    settings = dict(builds[0].metadata["settings"])
    del settings["compilationTarget"]
    settings["remappings"] = [mapping.removeprefix(":") for mapping in settings["remappings"]]
    settings["outputSelection"] = {"*": {"*": ["abi", "evm.bytecode", "evm.deployedBytecode", "metadata"]}}
    sources = {path: {"content": _source(root / path, hashes[path])} for path in sorted(hashes)}
    return json.dumps({"language": "Solidity", "sources": sources, "settings": settings}, indent=1) + "\n"


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, as hex text."""
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


def _source(path: Path, expected: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise RingfenceError(f"{path}: {failure.strerror}; run `make compile`") from None
    if "0x" + keccak(content).hex() != expected:
        raise RingfenceError(f"{path}: the source has changed since it was compiled; run `make compile`")
    return content.decode()

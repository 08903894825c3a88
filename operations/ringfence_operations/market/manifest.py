"""What was deployed, where and from what: the file that every operation starts from."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from eth_utils.address import is_checksum_address
from isolated_margin.errors import Refusal
from isolated_margin.parameters import RiskParameters
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from ringfence.report.schema import DRAFT, INTEGER, schema_of
from ringfence.types.codec import decode, encode
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.market_file import Foreign

from ringfence_operations.files import write_whole

SCHEMA: Final = "ringfence-manifest"
VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of ours. Hashes are keccak256, as hex text: ``creation_hash`` of its creation code without
    arguments, ``code_hash`` of the code at its address.
    """

    address: str
    creation_hash: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction of the deployment: what it was for, its hash, and the block that it is in."""

    step: str
    hash: str
    block: int


@dataclass(frozen=True, slots=True)
class Compiler:
    """The compiler and the settings that decide the bytecode."""

    version: str
    evm_version: str
    optimize: bool
    optimization_runs: int
    via_ir: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """A market as it was deployed. Addresses are checksummed, hashes hex text with ``0x``.

    ``owner`` is who is to own the vault in the end; ``deployer`` sent the transactions and was its first
    owner. ``deployment_block`` is the block of the vault, ``deployed_at`` its time in seconds;
    ``source_hash`` is the SHA-256 of the standard-JSON input next to the manifest.
    """

    chain_id: int
    deployment_block: int
    deployment_block_hash: str
    deployed_at: int
    deployer: str
    owner: str
    guardian: str
    collateral: Foreign
    feed: Foreign
    factory: Contract
    lens: Contract
    vault: Contract
    pool: Contract
    pool_name: str
    pool_symbol: str
    salt: str
    parameters: RiskParameters
    transactions: tuple[Sent, ...]
    compiler: Compiler
    source_hash: str


def save(manifest: Manifest, path: Path) -> None:
    """Write a manifest whole or not at all; raises RingfenceError."""
    body = encode(manifest)
    assert isinstance(body, dict)
    write_whole(json.dumps({"schema": f"{SCHEMA}/{VERSION}"} | body, indent=2) + "\n", path)


def load(path: Path, chain_id: int | None = None) -> Manifest:
    """Return the manifest in a file; with ``chain_id`` it must be of that chain. Raises RingfenceError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise RingfenceError(f"{path}: {failure.strerror}; name the manifest that `deploy` wrote") from None
    except json.JSONDecodeError as failure:
        raise RingfenceError(f"{path}, line {failure.lineno}: this is no JSON: {failure.msg}") from None
    except UnicodeDecodeError:
        raise RingfenceError(f"{path}: the file is not UTF-8 text") from None
    _check(data, path)
    del data["schema"]
    manifest = _decoded(data, path)
    if chain_id not in (None, manifest.chain_id):
        raise RingfenceError(
            f"{path}: the manifest is of chain {manifest.chain_id}, and the node is of chain {chain_id}"
        )
    return manifest


def _decoded(data: Any, path: Path) -> Manifest:
    """Return the manifest, its numbers and addresses checked one by one; raises RingfenceError."""
    try:
        manifest: Manifest = decode(data, Manifest)
    except Refusal as refusal:
        raise RingfenceError(f"{path}: {refusal.args[0]} is no value of a risk parameter") from None
    contracts = (manifest.factory, manifest.lens, manifest.vault, manifest.pool)
    given = [part.address for part in (*contracts, manifest.collateral, manifest.feed)]
    for address in (*given, manifest.deployer, manifest.owner, manifest.guardian):
        if not is_checksum_address(address):
            raise RingfenceError(f"{path}: {address} is no checksummed address")
    return manifest


def _check(data: Any, path: Path) -> None:
    """See that data obeys the schema; raises RingfenceError."""
    stated = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(stated, str) or not stated.startswith(f"{SCHEMA}/"):
        raise RingfenceError(f"{path}: this is no manifest of Ringfence")
    if stated != f"{SCHEMA}/{VERSION}":
        raise RingfenceError(f"{path}: this is a manifest of {stated}, and {SCHEMA}/{VERSION} is read here")
    failure = best_match(_validator().iter_errors(data))
    if failure is not None:
        place = ".".join(str(part) for part in failure.absolute_path) or "top level"
        raise RingfenceError(f"{path}, {place}: {failure.message[:120]}")


@cache
def _validator() -> Draft202012Validator:
    whole = schema_of(Manifest)
    whole["properties"] = {"schema": {"type": "string"}} | whole["properties"]
    return Draft202012Validator({"$schema": DRAFT, "$defs": {"integer": INTEGER}} | whole)

"""An Ape project, as ``ape compile`` left it in .build/; Ape itself is not needed to read it."""

from collections.abc import Sequence
from pathlib import Path

from ringfence.evm.projects.project import CompiledContract, ContractSet, Project, ProjectError, read_json


def ape(root: str | Path) -> Project:
    """Return the contracts of an Ape project, Solidity or Vyper; run ``ape compile`` before."""
    manifest = Path(root).resolve() / ".build" / "__local__.json"
    return Project(manifest, lambda: ContractSet(manifest, _read(manifest)))


def _read(manifest: Path) -> Sequence[CompiledContract]:
    if not manifest.exists():
        raise ProjectError(f"{manifest}: there is nothing compiled here: run `ape compile`.")
    contents = read_json(manifest).get("contractTypes", {}).items()
    codes = (
        (name, each, (each.get("deploymentBytecode") or {}).get("bytecode", "0x")) for name, each in contents
    )
    return [
        CompiledContract(name, each.get("sourceId", ""), manifest, each["abi"], code)
        for name, each, code in codes
        if code not in ("", "0x")
    ]

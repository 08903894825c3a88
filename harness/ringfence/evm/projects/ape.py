"""An Ape project, as ``ape compile`` left it in .build/; Ape itself is not needed to read it."""

from collections.abc import Mapping
from pathlib import Path

from ringfence.evm.artifacts import Artifact
from ringfence.evm.projects.project import Project, ProjectError, artifact, read_json


def ape(root: str | Path) -> Project:
    """Return the contracts of an Ape project, Solidity or Vyper; run ``ape compile`` before."""
    manifest = Path(root).resolve() / ".build" / "__local__.json"
    return Project(manifest, lambda: _read(manifest))


def _read(manifest: Path) -> Mapping[str, Artifact]:
    if not manifest.exists():
        raise ProjectError(f"{manifest}: there is nothing compiled here: run `ape compile`.")
    found = {}
    for name, content in read_json(manifest).get("contractTypes", {}).items():
        code = (content.get("deploymentBytecode") or {}).get("bytecode", "0x")
        if code not in ("", "0x"):
            found[name] = artifact(name, manifest, content["abi"], code)
    return found

"""A Foundry project, as ``forge build`` left it in out/."""

from collections.abc import Mapping
from pathlib import Path

from ringfence.evm.artifacts import Artifact
from ringfence.evm.projects.project import Project, ProjectError, artifact, read_json


def foundry(root: str | Path, out: str = "out") -> Project:
    """Return the contracts of a Foundry project; run ``forge build`` before."""
    folder = Path(root).resolve() / out
    return Project(folder, lambda: _read(folder))


def _read(folder: Path) -> Mapping[str, Artifact]:
    files = sorted(folder.glob("*.sol/*.json")) + sorted(folder.glob("*.vy/*.json"))
    if not files:
        raise ProjectError(f"{folder}: there is nothing compiled here: run `forge build`.")
    found = {}
    for file in files:
        content = read_json(file)
        code = content.get("bytecode", {}).get("object", "0x")
        if code not in ("", "0x"):
            found[file.stem] = artifact(file.stem, file, content["abi"], code)
    return found

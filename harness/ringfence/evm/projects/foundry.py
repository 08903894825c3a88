"""A Foundry project, as ``forge build`` left it in out/."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ringfence.evm.projects.project import CompiledContract, ContractSet, Project, ProjectError, read_json


def foundry(root: str | Path, out: str = "out") -> Project:
    """Return the contracts of a Foundry project; run ``forge build`` before."""
    folder = Path(root).resolve() / out
    return Project(folder, lambda: ContractSet(folder, _read(folder)))


def _read(folder: Path) -> Sequence[CompiledContract]:
    files = [*sorted(folder.rglob("*.sol/*.json")), *sorted(folder.rglob("*.vy/*.json"))]
    if not files:
        raise ProjectError(f"{folder}: there is nothing compiled here: run `forge build`.")
    contents = ((file, read_json(file)) for file in files)
    return [
        _contract(folder, file, content, content["bytecode"]["object"])
        for file, content in contents
        if content.get("bytecode", {}).get("object", "0x") not in ("", "0x")
    ]


def _contract(folder: Path, file: Path, content: Any, code: str) -> CompiledContract:
    """Return a contract by the name and the source that the compiler was given, else by where it is."""
    target = ((content.get("metadata") or {}).get("settings") or {}).get("compilationTarget") or {}
    where = file.parent.relative_to(folder).as_posix(), file.stem
    source, name = next(iter(target.items()), where)
    return CompiledContract(name, source, file, content["abi"], code)

"""A Hardhat project, as ``hardhat compile`` left it in artifacts/."""

from collections.abc import Sequence
from pathlib import Path

from ringfence.evm.projects.project import CompiledContract, ContractSet, Project, ProjectError, read_json


def hardhat(root: str | Path) -> Project:
    """Return the contracts of a Hardhat project; run ``npx hardhat compile`` before."""
    folder = Path(root).resolve() / "artifacts"
    return Project(folder, lambda: ContractSet(folder, _read(folder)))


def _read(folder: Path) -> Sequence[CompiledContract]:
    files = [file for file in sorted(folder.rglob("*.json")) if not file.name.endswith(".dbg.json")]
    contents = [(file, read_json(file)) for file in files if "build-info" not in file.parts]
    found = [
        CompiledContract(
            content["contractName"], content["sourceName"], file, content["abi"], content["bytecode"]
        )
        for file, content in contents
        if "contractName" in content and content.get("bytecode", "0x") != "0x"
    ]
    if not found:
        raise ProjectError(f"{folder}: there is nothing compiled here: run `npx hardhat compile`.")
    return found

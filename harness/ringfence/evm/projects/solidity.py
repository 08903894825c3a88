"""Plain Solidity sources, compiled by whatever solc is at hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ringfence.evm.projects.compilers import solc
from ringfence.evm.projects.foundry_toml import compiler_settings, source_folder
from ringfence.evm.projects.foundry_toml import remappings as stated_remappings
from ringfence.evm.projects.project import CompiledContract, ContractSet, Project
from ringfence.evm.projects.rewriting import current_rewriting
from ringfence.evm.projects.sources import Edit, edited, sources_of
from ringfence.evm.projects.standard_json import output_of, request_of
from ringfence.evm.source_map import SourceMap

WANTED: Final = [
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.sourceMap",
    "storageLayout",
]
DESCRIBED: Final = ["abi", "storageLayout"]
MODULES: Final = "node_modules"


def solidity(
    folder: str | Path,
    edits: tuple[Edit, ...] = (),
    *,
    sources: str | None = None,
    remappings: tuple[str, ...] = (),
    via_ir: bool | None = None,
) -> Project:
    """Return every contract of a folder of ``.sol`` files, with the optimiser on.

    ``sources`` is the part of the folder that is compiled, with what it imports from the rest of it or from
    ``node_modules``. ``edits`` change the sources first; ``remappings`` are the compiler's, relative to the
    folder. What is not given is as ``foundry.toml`` and ``remappings.txt`` of the folder say, if they are
    there: the sources, remappings, optimiser and its runs, via-IR, the EVM's version. What was compiled is
    kept in ``.build/ringfence`` of the folder. Raises ProjectError, when a contract is asked for.
    """
    root = Path(folder).resolve()

    def compiled() -> ContractSet:
        settings = _settings(root, remappings, {"*": WANTED}, via_ir=via_ir)
        part = sources or source_folder(root) or "."
        return ContractSet(root, _compiled(root, edited(_below(root, part), edits), settings))

    return Project(root, compiled)


def described(folder: str | Path, *, sources: str = ".", remappings: tuple[str, ...] = ()) -> Any:
    """Return what the compiler says of a folder without making code, which takes a tenth of the time.

    Contracts by path and name with ABI and storage layout, and syntax trees by path. Takes what ``solidity``
    takes; raises ProjectError.
    """
    root = Path(folder).resolve()
    settings = _settings(root, remappings, {"*": DESCRIBED, "": ["ast"]}, via_ir=False)
    return _output(root, _below(root, sources), settings)


def _settings(
    root: Path, remappings: tuple[str, ...], wanted: Mapping[str, Any], *, via_ir: bool | None
) -> dict[str, Any]:
    stated = compiler_settings(root)
    return stated | {
        "viaIR": stated["viaIR"] if via_ir is None else via_ir,
        "remappings": list(remappings or stated_remappings(root)),
        "metadata": {"bytecodeHash": "none"},  # code that does the same is the same
        "outputSelection": {"*": wanted},
    }


def _below(root: Path, part: str) -> Mapping[str, str]:
    """Return the sources of a part of a folder, by their paths from the folder; raises ProjectError."""
    found = sources_of(root / part, "*.sol")
    return {(Path(part) / path).as_posix(): text for path, text in found.items()}


def _compiled(root: Path, sources: Mapping[str, str], settings: dict[str, Any]) -> Sequence[CompiledContract]:
    now = current_rewriting()
    if now:
        sources = now.rewrite(root, sources, lambda: _trees(root, sources, settings))
        if not (now.is_optimised or settings["viaIR"]):  # which needs the optimiser
            settings = settings | {"optimizer": {"enabled": False}}
    output = _output(root, sources, settings)
    texts = tuple(
        (part["id"], path, sources[path]) for path, part in output["sources"].items() if path in sources
    )
    return [
        _contract(root, path, name, compiled, texts)
        for path, contracts in output["contracts"].items()
        for name, compiled in contracts.items()
        if compiled["evm"]["bytecode"]["object"]
    ]


def _contract(
    root: Path, path: str, name: str, compiled: Any, texts: tuple[tuple[int, str, str], ...]
) -> CompiledContract:
    created, deployed = compiled["evm"]["bytecode"], compiled["evm"]["deployedBytecode"]
    code = deployed["object"]
    lines = None if "__" in code else SourceMap(bytes.fromhex(code), deployed["sourceMap"], texts)
    layout = compiled.get("storageLayout", {})
    return CompiledContract(name, path, root / path, compiled["abi"], created["object"], lines, layout)


def _trees(root: Path, sources: Mapping[str, str], settings: dict[str, Any]) -> Mapping[str, Any]:
    """Return the compiler's syntax tree of each source."""
    asked = settings | {"outputSelection": {"*": {"": ["ast"]}}}
    parsed = _output(root, sources, asked)["sources"]
    return {path: parsed[path]["ast"] for path in sources}


def _output(root: Path, sources: Mapping[str, str], settings: dict[str, Any]) -> Any:
    packages = ["--include-path", str(root / MODULES)] if (root / MODULES).is_dir() else []
    options = ["--standard-json", "--base-path", str(root), *packages]
    request = request_of("Solidity", sources, settings)
    return output_of(root, request, lambda: [str(solc(root, sources)), *options])

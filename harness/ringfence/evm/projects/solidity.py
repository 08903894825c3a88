"""Plain Solidity sources, compiled by the solc at hand that their pragmas ask for, or by several."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ringfence.evm.projects.compilers import solcs, version_of
from ringfence.evm.projects.foundry_toml import (
    EARLIER,
    EVM_VERSION,
    compiler_settings,
    source_folder,
    stated_solc,
)
from ringfence.evm.projects.foundry_toml import remappings as stated_remappings
from ringfence.evm.projects.imports import MODULES, Imports
from ringfence.evm.projects.pragma import Version
from ringfence.evm.projects.project import CompiledContract, ContractSet, Project
from ringfence.evm.projects.rewriting import current_rewriting
from ringfence.evm.projects.sources import Edit, edited, sources_of
from ringfence.evm.projects.standard_json import answer, request_of, stored
from ringfence.evm.source_map import SourceMap

WANTED: Final = [
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.sourceMap",
    "storageLayout",
]
DESCRIBED: Final = ["abi", "storageLayout"]
SINCE: Final = {
    "berlin": (0, 8, 5),
    "london": (0, 8, 7),
    "paris": (0, 8, 18),
    "shanghai": (0, 8, 20),
    "cancun": (0, 8, 24),
}
"""The first solc that compiles for an EVM; all compile for the one before these."""
METADATA: Final = (0, 6, 0)  # the first solc that is told what metadata to append
INCLUDES: Final = (0, 8, 8)  # the first solc with ``--include-path``


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
    there: the sources, remappings, optimiser and its runs, via-IR, the EVM's version. Where no one compiler
    is what all pragmas ask for, each source is compiled by one that its own pragmas and those of its imports
    allow. What was compiled is kept in ``.build/ringfence`` of the folder. Raises ProjectError, when a
    contract is asked for.
    """
    root = Path(folder).resolve()

    def compiled() -> ContractSet:
        settings = _settings(root, remappings, {"*": WANTED}, via_ir=via_ir)
        part = sources or source_folder(root) or "."
        return ContractSet(root, _compiled(root, edited(_below(root, part), edits), settings))

    return Project(root, compiled)


def described(folder: str | Path, *, sources: str = ".", remappings: tuple[str, ...] = ()) -> Sequence[Any]:
    """Return what each compiler says of a folder without making code, which takes a tenth of the time.

    Contracts by path and name with ABI and storage layout, each by one compiler, and syntax trees by path.
    Takes what ``solidity`` takes; raises ProjectError.
    """
    root = Path(folder).resolve()
    settings = _settings(root, remappings, {"*": DESCRIBED, "": ["ast"]}, via_ir=False)
    return _outputs(root, _below(root, sources), settings)


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
    return [
        _contract(root, path, name, compiled, texts)
        for output in _outputs(root, sources, settings)
        for texts in [_texts(output, sources)]
        for path, contracts in output["contracts"].items()
        for name, compiled in contracts.items()
        if compiled["evm"]["bytecode"]["object"]
    ]


def _texts(output: Any, sources: Mapping[str, str]) -> tuple[tuple[int, str, str], ...]:
    """Return the sources by the numbers that a compiler gave them."""
    return tuple(
        (part["id"], path, sources[path]) for path, part in output["sources"].items() if path in sources
    )


def _contract(
    root: Path, path: str, name: str, compiled: Any, texts: tuple[tuple[int, str, str], ...]
) -> CompiledContract:
    created, deployed = compiled["evm"]["bytecode"], compiled["evm"]["deployedBytecode"]
    code = deployed["object"]
    lines = None if "__" in code else SourceMap(bytes.fromhex(code), deployed["sourceMap"], texts, root)
    layout = compiled.get("storageLayout", {})
    return CompiledContract(name, path, root / path, compiled["abi"], created["object"], lines, layout)


def _trees(root: Path, sources: Mapping[str, str], settings: dict[str, Any]) -> Mapping[str, Any]:
    """Return the compiler's syntax tree of each source."""
    asked = settings | {"outputSelection": {"*": {"": ["ast"]}}}
    parsed = {
        path: each for output in _outputs(root, sources, asked) for path, each in output["sources"].items()
    }
    return {path: parsed[path]["ast"] for path in sources}


def _outputs(root: Path, sources: Mapping[str, str], settings: dict[str, Any]) -> Sequence[Any]:
    """Return what each compiler makes of its sources, each contract once; raises ProjectError."""
    imports = Imports(root, sources, settings["remappings"])

    def compiled() -> Sequence[Any]:
        outputs: list[Any] = []
        seen = set(sources)
        for compiler, own in solcs(root, list(sources), imports).items():
            version = version_of(compiler)
            request = request_of("Solidity", imports.closure(own), known_to(version, settings))
            output = answer(root, [str(compiler), *_options(root, version)], request)
            output["contracts"] = {
                path: each for path, each in output["contracts"].items() if path in own or path not in seen
            }
            seen |= set(output["contracts"])
            outputs.append(output)
        return outputs

    outputs: Sequence[Any] = stored(
        root, request_of("Solidity", imports.closure(sources), settings), compiled, stated_solc(root)
    )
    return outputs


def known_to(version: Version, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return settings as a compiler knows them: the stated EVM or an earlier one, via-IR where it is on.

    Those of before ``METADATA`` can't leave out the hash of metadata.
    """
    known = [evm for evm in (*EARLIER, EVM_VERSION) if SINCE.get(evm, version) <= version]
    evm = settings["evmVersion"]
    fitting = {"evmVersion": evm if evm in known else known[-1]}
    unknown = {"viaIR"} if not settings["viaIR"] else set()
    unknown |= {"metadata"} if version < METADATA else set()
    return {name: each for name, each in settings.items() if name not in unknown} | fitting


def _options(root: Path, version: Version) -> Iterator[str]:
    yield from ("--standard-json", "--base-path", str(root))
    if (root / MODULES).is_dir() and version >= INCLUDES:
        yield from ("--include-path", str(root / MODULES))

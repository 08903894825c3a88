"""Vyper sources with what they import from each other, compiled by a program of any version since 0.3.10."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ringfence.evm.projects.foundry_toml import EVM_VERSION
from ringfence.evm.projects.project import CompiledContract, ContractSet, Project
from ringfence.evm.projects.sources import Edit, edited, sources_of
from ringfence.evm.projects.standard_json import answer, contents_of, request_of, stored
from ringfence.evm.projects.vyper_compilers import stated_version, vyper_compiler

WANTED: Final = ["abi", "evm.bytecode.object"]
PART: Final = re.compile(r"^uses\s*:", re.MULTILINE)  # of a module that is nothing without another one


def vyper(folder: str | Path, edits: tuple[Edit, ...] = (), *, version: str | None = None) -> Project:
    """Return every contract of a folder of ``.vy`` files, which import each other, and ``.vyi`` interfaces.

    The compiler is the program that ``VYPER`` names, or ``vyper`` beside this Python or on the path. For
    another ``version``, named here or as ``# pragma version 0.3.10``, it is one that is installed once from
    PyPI, in an environment of its own below ``RINGFENCE_CACHE`` (or ``~/.cache/ringfence``). ``edits`` change
    the sources first. What was compiled is kept in ``.build/ringfence`` of the folder. Raises ProjectError,
    when a contract is asked for.
    """
    root = Path(folder).resolve()
    return Project(
        root, lambda: ContractSet(root, _compiled(root, edited(sources_of(root, "*.vy*"), edits), version))
    )


def _compiled(root: Path, sources: Mapping[str, str], version: str | None) -> Sequence[CompiledContract]:
    interfaces = {path: text for path, text in sources.items() if _is_interface(path)}
    modules = {path: text for path, text in sources.items() if path not in interfaces}
    contracts = [path for path, text in modules.items() if not PART.search(text)]
    settings = {"evmVersion": EVM_VERSION, "outputSelection": dict.fromkeys(contracts, WANTED)}
    request = request_of("Vyper", modules, settings) | {"interfaces": contents_of(interfaces)}
    compiler = vyper_compiler(root, version or stated_version(sources.values()))
    command = [str(compiler.path), "--standard-json"]
    output = stored(root, request, lambda: answer(root, command, request), compiler.version)
    return [
        CompiledContract(name, path, root / path, contract["abi"], contract["evm"]["bytecode"]["object"])
        for path, named in output["contracts"].items()
        for name, contract in named.items()
    ]


def _is_interface(path: str) -> bool:
    """Return whether a source is none that can be deployed; before Vyper 0.4 its folder alone tells."""
    return path.endswith(".vyi") or "interfaces" in Path(path).parts[:-1]

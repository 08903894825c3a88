"""Plain Vyper sources, compiled in this process by the ``vyper`` package."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ringfence.evm.projects.project import CompiledContract, ContractSet, Project, ProjectError
from ringfence.evm.projects.sources import Edit, edited, sources_of


def vyper(folder: str | Path, edits: tuple[Edit, ...] = ()) -> Project:
    """Return every contract of a folder of ``.vy`` files, compiled with the installed Vyper.

    ``edits`` change the sources first; raises ProjectError when one is not found exactly once.
    """
    root = Path(folder).resolve()
    return Project(root, lambda: ContractSet(root, _compiled(root, edited(sources_of(root, "*.vy"), edits))))


def _compiled(root: Path, sources: Mapping[str, str]) -> Sequence[CompiledContract]:
    try:
        from vyper import compile_code
        from vyper.exceptions import VyperException
    except ModuleNotFoundError:
        raise ProjectError(f"{root}: to compile Vyper, install it: pip install 'ringfence[vyper]'.") from None
    found = []
    for path, text in sources.items():
        name = Path(path).stem
        try:
            output = compile_code(text, output_formats=["abi", "bytecode"])
        except VyperException as refusal:
            raise ProjectError(f"{root / path}: {refusal}") from None
        found.append(CompiledContract(name, path, root / path, output["abi"], output["bytecode"]))
    return found

"""Finding what compiles a project, and reading what it has compiled."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from ringfence.evm.artifacts import Artifact
from ringfence.evm.projects import Project, ProjectError, ape, foundry, hardhat, solidity, vyper
from ringfence.evm.projects.foundry_toml import FOLDERS, remappings, source_folder
from ringfence.evm.projects.imports import MODULES
from ringfence.evm.projects.solidity import described
from ringfence.vaults.draft.project import CannotDraft, Sources
from ringfence.vaults.draft.signatures import Contract
from ringfence.vaults.draft.trees import Trees

HERE: Final = "Path(__file__).parent"
LONGEST: Final = 160  # characters of a compiler's message
BUILT: Final[tuple[tuple[str, Callable[[Path], Project], str], ...]] = (
    ("out", foundry, f"rf.foundry({HERE})"),
    ("artifacts/build-info", hardhat, f"rf.hardhat({HERE})"),
    (".build/__local__.json", ape, f"rf.ape({HERE})"),
    ("artifacts", hardhat, f"rf.hardhat({HERE})"),
)
BUILDERS: Final = {
    "foundry.toml": "forge build",
    "hardhat.config.*": "npx hardhat compile",
    "ape-config.yaml": "ape compile",
}


def read(folder: Path, part: str | None) -> Sources:
    """Read the project in a folder, or ``part`` of it; raises CannotDraft."""
    if not folder.is_dir():
        raise CannotDraft(f"{folder}: there is no such folder.")
    try:
        found = _read(folder, part or _part(folder))
    except ProjectError as failure:
        raise CannotDraft(_one_line(failure)) from None
    if not found.contracts:
        raise CannotDraft(f"{folder}: there is no contract here that can be deployed.")
    return found


def _part(folder: Path) -> str:
    """Return where the sources are; raises CannotDraft."""
    for part in (source_folder(folder), *FOLDERS, "."):
        if part and any(_has(folder / part, kind) for kind in ("*.sol", "*.vy")):
            return part
    raise CannotDraft(
        f"{folder}: there is no project here: run it in a Foundry, Hardhat, Ape or Vyper project, or in a"
        " folder with sources."
    )


def _has(folder: Path, kind: str) -> bool:
    return any(folder.rglob(kind))


def _read(folder: Path, part: str) -> Sources:
    """Read the sources in a part of a project; raises ProjectError and CannotDraft."""
    if _has(folder / part, "*.sol"):
        return _solidity(folder, part)
    if not _has(folder / part, "*.vy"):
        raise CannotDraft(f"{folder / part}: there are no sources, .sol or .vy, here.")
    place = f'{HERE} / "{part}"' if part != "." else HERE
    return _compiled(folder, f"rf.vyper({place})", vyper(folder / part))


def _solidity(folder: Path, part: str) -> Sources:
    names = remappings(folder)
    try:
        outputs = described(folder, sources=part, remappings=names)
    except ProjectError as failure:
        return _by_others(folder, failure)
    arguments = [HERE]
    arguments += [f'sources="{part}"'] if part != "." else []
    arguments += ["remappings=(" + " ".join(f'"{each}",' for each in names) + ")"] if names else []
    trees = Trees(*([each["ast"] for each in output["sources"].values()] for output in outputs))
    contracts = {each.key: each for each in _contracts(folder, part, outputs, trees)}
    project = solidity(folder, sources=part, remappings=names)
    return Sources(folder, f"rf.solidity({', '.join(arguments)})", project, contracts, trees)


def _contracts(folder: Path, part: str, outputs: Sequence[Any], trees: Trees) -> Iterator[Contract]:
    """Yield the contracts of the project's own sources; several of one name are called by full names."""
    own = [each for output in outputs for each in _own(folder, "" if part == "." else f"{part}/", output)]
    counts = Counter(name for _, name, _ in own)
    for path, name, compiled in own:
        key = name if counts[name] == 1 else f"{path}:{name}"
        artifact = Artifact(name, compiled["abi"], b"", compiled.get("storageLayout", {}))
        public = (each["name"] for each in trees.variables(key) if each["visibility"] == "public")
        yield Contract(artifact, path, frozenset(public), key)


def _own(folder: Path, inside: str, output: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield path, name and description of contracts that can be deployed, in files of the project's own."""
    for path, contracts in output["contracts"].items():
        is_own = path.startswith(inside) and (folder / path).is_file() and MODULES not in path
        for node in output["sources"][path]["ast"]["nodes"] if is_own else ():
            if node.get("contractKind") == "contract" and not node.get("abstract"):
                yield path, node["name"], contracts[node["name"]]


def _by_others(folder: Path, failure: ProjectError) -> Sources:
    """Return what forge or Ape has compiled, where this compiler could not; raises the failure without."""
    message = _one_line(failure)
    for place, compiled, text in BUILT:
        if (folder / place).exists():
            remark = f"The sources were not read, as they do not compile here: {message[:LONGEST]}."
            return _compiled(folder, text, compiled(folder), remark)
    for pattern, build in BUILDERS.items():
        if next(folder.glob(pattern), None):
            advice = f"run `{build}` first, and what it compiles is read."
            raise ProjectError(f"{message.rstrip('.')}: {advice}") from None
    raise failure


def _compiled(folder: Path, text: str, project: Project, remark: str = "") -> Sources:
    """Return contracts of which there is code alone."""
    contracts = {
        key: Contract(artifact, key.rpartition(":")[0], key=key) for key, artifact in project.items()
    }
    return Sources(folder, text, project, contracts, remark=remark)


def _one_line(failure: ProjectError) -> str:
    return " ".join(str(failure).split())

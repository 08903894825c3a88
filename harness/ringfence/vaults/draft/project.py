"""Finding and reading a project: what compiles it, which contracts it has, and their trees."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from ringfence.evm.artifacts import Artifact
from ringfence.evm.projects import Project, ProjectError, ape, foundry, hardhat, solidity, vyper
from ringfence.evm.projects.solidity import described
from ringfence.types.errors import RingfenceError
from ringfence.vaults.draft.signatures import Contract
from ringfence.vaults.draft.trees import Trees

FOLDERS: Final = ("src", "contracts")
HERE: Final = "Path(__file__).parent"
OTHER_FILES: Final = ("foundry.toml", "remappings.txt")


class CannotDraft(RingfenceError):
    """An adapter can't be drafted. The message is one sentence: what, where, and what to do."""


@dataclass(frozen=True)
class Sources:
    """A project's contracts: how an adapter has them (``text``), and what the compiler said of them."""

    folder: Path
    text: str
    project: Project
    contracts: Mapping[str, Contract]
    trees: Trees = field(default_factory=lambda: Trees(()))
    twice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # paths of contracts of one name
    remark: str = ""  # why the sources were not read

    def contract(self, name: str) -> Contract:
        """Return a contract; raises CannotDraft for an unknown or an ambiguous name."""
        if name in self.twice:
            paths = " and ".join(self.twice[name])
            raise CannotDraft(
                f"{self.folder}: there are two contracts called {name}, in {paths}: name a folder with one of"
                " them by --sources."
            )
        if name not in self.contracts:
            near = get_close_matches(name, self.contracts, 1)
            advice = f"did you mean {near[0]}?" if near else f"there is {', '.join(sorted(self.contracts))}."
            raise CannotDraft(f"{self.folder}: there is no contract {name} that can be deployed: {advice}")
        return self.contracts[name]


def read(folder: Path, part: str | None) -> Sources:
    """Read the project in a folder, or ``part`` of it; raises CannotDraft."""
    if not folder.is_dir():
        raise CannotDraft(f"{folder}: there is no such folder.")
    try:
        found = _read(folder, part or _part(folder))
        _ = len(found.contracts)
    except ProjectError as failure:
        raise CannotDraft(_one_line(str(failure))) from None
    if not found.contracts:
        raise CannotDraft(f"{folder}: there is no contract here that can be deployed.")
    return found


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _part(folder: Path) -> str:
    """Return where the sources are; raises CannotDraft."""
    toml = folder / "foundry.toml"
    stated = _foundry(toml).get("src") if toml.is_file() else None
    for part in (stated, *FOLDERS, "."):
        if part and any(next((folder / part).rglob(kind), None) for kind in ("*.sol", "*.vy")):
            return str(part)
    raise CannotDraft(
        f"{folder}: there is no project here: run it in a Foundry, Hardhat, Ape or Vyper project, or in a"
        " folder with sources."
    )


def _read(folder: Path, part: str) -> Sources:
    if not next((folder / part).rglob("*.sol"), None):
        if not next((folder / part).rglob("*.vy"), None):
            raise CannotDraft(f"{folder / part}: there are no sources, .sol or .vy, here.")
        text = f"rf.vyper({HERE} / {part!r})" if part != "." else f"rf.vyper({HERE})"
        return _compiled(folder, text.replace("'", '"'), vyper(folder / part))
    remappings = _remappings(folder)
    try:
        output = described(folder, sources=part, remappings=remappings)
    except ProjectError as failure:
        return _by_others(folder, failure)
    arguments = [HERE]
    arguments += [f'sources="{part}"'] if part != "." else []
    arguments += [f"remappings={_tuple(remappings)}"] if remappings else []
    project = solidity(folder, sources=part, remappings=remappings)
    return _with_trees(folder, f"rf.solidity({', '.join(arguments)})", project, output, part)


def _tuple(texts: tuple[str, ...]) -> str:
    return "(" + "".join(f'"{each}", ' for each in texts).rstrip() + ")"


def _with_trees(folder: Path, text: str, project: Project, output: Any, part: str) -> Sources:
    trees = Trees(each["ast"] for each in output["sources"].values())
    places: dict[str, list[str]] = {}
    inside = "" if part == "." else f"{part}/"
    for path, source in output["sources"].items():
        is_own = path.startswith(inside) and (folder / path).is_file() and "node_modules" not in path
        for node in source["ast"]["nodes"] if is_own else ():
            if node.get("contractKind") == "contract" and not node.get("abstract"):
                places.setdefault(node["name"], []).append(path)
    found = {
        name: Contract(
            _described(name, output["contracts"][paths[-1]][name]),
            paths[-1],
            frozenset(each["name"] for each in trees.variables(name) if each["visibility"] == "public"),
        )
        for name, paths in places.items()
    }
    twice = {name: tuple(paths) for name, paths in places.items() if len(paths) > 1}
    return Sources(folder, text, project, found, trees, twice)


def _described(name: str, compiled: Any) -> Artifact:
    """Return what a draft needs of a contract: no code."""
    return Artifact(name, compiled["abi"], b"", compiled.get("storageLayout", {}))


def _by_others(folder: Path, failure: ProjectError) -> Sources:
    """Return what forge or Ape has compiled, where this compiler could not; raises the failure without."""
    others: tuple[tuple[str, Callable[[Path], Project], str], ...] = (
        ("out", foundry, f"rf.foundry({HERE})"),
        ("artifacts/build-info", hardhat, f"rf.hardhat({HERE})"),
        (".build/__local__.json", ape, f"rf.ape({HERE})"),
        ("artifacts", hardhat, f"rf.hardhat({HERE})"),
    )
    for place, compiled, text in others:
        if (folder / place).exists():
            found = _compiled(folder, text, compiled(folder))
            remark = (
                f"The sources were not read, as they do not compile here: {_one_line(str(failure))[:160]}."
            )
            return Sources(folder, text, found.project, found.contracts, remark=remark)
    advice = {"foundry.toml": "forge build", "hardhat.config.*": "npx hardhat compile"}
    advice |= {"ape-config.yaml": "ape compile"}
    built = next((build for pattern, build in advice.items() if next(folder.glob(pattern), None)), None)
    if built:
        message = _one_line(str(failure)).rstrip(".")
        raise ProjectError(f"{message}: run `{built}` first, and what it compiles is read.") from None
    raise failure


def _compiled(folder: Path, text: str, project: Project) -> Sources:
    return Sources(folder, text, project, {name: Contract(each) for name, each in project.items()})


def _remappings(folder: Path) -> tuple[str, ...]:
    """Return the remappings of a Foundry project, those to its libraries too."""
    found: dict[str, str] = {}
    for library in sorted(folder.glob("lib/*")):
        place = f"lib/{library.name}/"
        inner = next((f"{part}/" for part in FOLDERS if (library / part).is_dir()), "")
        found[f"{library.name}/"] = place + inner
        if inner:  # both ways to write it are in use; the longer one wins
            found[f"{library.name}/{inner}"] = place + inner
        if library.name == "openzeppelin-contracts":
            found["@openzeppelin/contracts/"] = f"{place}contracts/"
    toml, listed = (folder / name for name in OTHER_FILES)
    stated = list(_foundry(toml).get("remappings", ())) if toml.is_file() else []
    if listed.is_file():
        stated += listed.read_text(encoding="utf-8").split()
    found |= dict(each.split("=", 1) for each in stated if "=" in each)
    return tuple(f"{name}={place}" for name, place in found.items())


def _foundry(file: Path) -> dict[str, Any]:
    """Return the default profile of a foundry.toml; raises CannotDraft."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise CannotDraft(f"{file}: no TOML: {failure}.") from None
    found: dict[str, Any] = content.get("profile", {}).get("default", {})
    return found

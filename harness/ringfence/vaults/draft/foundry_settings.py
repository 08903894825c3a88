"""What a Foundry project states of its sources: the folder and the remappings, those to its libraries too."""

import tomllib
from pathlib import Path
from typing import Any, Final

from ringfence.vaults.draft.project import CannotDraft

FOLDERS: Final = ("src", "contracts")  # of sources, also in other projects


def source_folder(project: Path) -> str | None:
    """Return the folder of sources that ``foundry.toml`` states; raises CannotDraft."""
    stated: str | None = _profile(project).get("src")
    return stated


def remappings(project: Path) -> tuple[str, ...]:
    """Return the remappings; raises CannotDraft."""
    found: dict[str, str] = {}
    for library in sorted(project.glob("lib/*")):
        place = f"lib/{library.name}/"
        inner = next((f"{part}/" for part in FOLDERS if (library / part).is_dir()), "")
        found[f"{library.name}/"] = place + inner
        if inner:  # both ways to write it are in use; the longer one wins
            found[f"{library.name}/{inner}"] = place + inner
        if library.name == "openzeppelin-contracts":
            found["@openzeppelin/contracts/"] = f"{place}contracts/"
    found |= dict(each.split("=", 1) for each in _stated(project) if "=" in each)
    return tuple(f"{name}={place}" for name, place in found.items())


def _stated(project: Path) -> list[str]:
    listed = project / "remappings.txt"
    more = listed.read_text(encoding="utf-8").split() if listed.is_file() else []
    return [*_profile(project).get("remappings", ()), *more]


def _profile(project: Path) -> dict[str, Any]:
    """Return the default profile, empty without a ``foundry.toml``; raises CannotDraft."""
    file = project / "foundry.toml"
    if not file.is_file():
        return {}
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise CannotDraft(f"{file}: no TOML: {failure}.") from None
    found: dict[str, Any] = content.get("profile", {}).get("default", {})
    return found

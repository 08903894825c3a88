"""What a Foundry project states in ``foundry.toml``: its sources, remappings, and how they are compiled."""

import tomllib
from pathlib import Path
from typing import Any, Final

from ringfence.evm.projects.project import ProjectError

FILE: Final = "foundry.toml"
FOLDERS: Final = ("src", "contracts")  # of sources, also in other projects
EVM_VERSION: Final = "cancun"  # what the chain in process runs
EARLIER: Final = ("istanbul", "berlin", "london", "paris", "shanghai")


def source_folder(project: Path) -> str | None:
    """Return the folder of sources, ``src`` unless another is stated; raises ProjectError."""
    if not (project / FILE).is_file():
        return None
    stated: str = profile(project).get("src", FOLDERS[0])
    return stated if (project / stated).is_dir() else None


def compiler_settings(project: Path) -> dict[str, Any]:
    """Return the compiler's settings, those of ``solc`` without any stated; raises ProjectError.

    An EVM that the chain in process does not run is replaced by the one that it runs.
    """
    stated = profile(project)
    version = str(stated.get("evm_version", EVM_VERSION)).lower()
    return {
        "optimizer": {"enabled": stated.get("optimizer", True), "runs": stated.get("optimizer_runs", 200)},
        "evmVersion": version if version in EARLIER else EVM_VERSION,
        "viaIR": stated.get("via_ir", False),
    }


def stated_solc(project: Path) -> str:
    """Return the compiler that is stated, a version or a program; ``""`` without; raises ProjectError."""
    stated = profile(project)
    named = str(stated.get("solc") or stated.get("solc_version") or "")
    return str(project / named) if "/" in named else named


def remappings(project: Path) -> tuple[str, ...]:
    """Return the remappings; raises ProjectError."""
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
    return [*profile(project).get("remappings", ()), *more]


def profile(project: Path) -> dict[str, Any]:
    """Return the default profile, empty without a ``foundry.toml``; raises ProjectError."""
    file = project / FILE
    if not file.is_file():
        return {}
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise ProjectError(f"{file}: no TOML: {failure}.") from None
    found: dict[str, Any] = content.get("profile", {}).get("default", {})
    return found

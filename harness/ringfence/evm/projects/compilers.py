"""Which Solidity compiler to use: no download, only what is installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from ringfence.evm.projects.pragma import Version, pragmas_of, satisfies
from ringfence.evm.projects.project import ProjectError

NUMBERS: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
DOWNLOADS: Final = (
    ".solcx",
    ".svm",
)  # where py-solc-x and forge keep what they have downloaded, below a home


def solc(root: Path, sources: Mapping[str, str]) -> Path:
    """Return the first compiler at hand that the sources' pragmas allow; raises ProjectError.

    Looked for in this order: ``SOLC`` (a program, used whatever they say), ``SOLCX_BINARY_PATH`` (a folder of
    ``solc-v*``), ``solc`` on the path, then what py-solc-x and forge have downloaded, the newest first.
    """
    if stated := os.environ.get("SOLC"):
        return Path(stated)
    candidates = list(_candidates())
    if not candidates:
        raise ProjectError(
            f"{root}: there is no solc to compile this: set SOLC to one, or put it on the path."
        )
    pragmas = {path: pragmas_of(text) for path, text in sources.items()}
    every = [pragma for found in pragmas.values() for pragma in found]
    fitting = (each for each in candidates if satisfies(_version(each), every))
    if found := next(fitting, None):
        return found
    versions = ", ".join(dict.fromkeys(".".join(map(str, _version(each))) for each in candidates))
    newest = _version(candidates[0])
    path = next((path for path, stated in pragmas.items() if not satisfies(newest, stated)), "")
    raise ProjectError(
        f"{root}: no solc at hand ({versions}) is what all sources ask for, {path} for {pragmas.get(path)}:"
        " put one that is on the path, or set SOLC to the one to use."
    )


def _candidates() -> Iterator[Path]:
    if folder := os.environ.get("SOLCX_BINARY_PATH"):
        yield from _newest(Path(folder))
    if found := shutil.which("solc"):
        yield Path(found)
    for folder in DOWNLOADS:
        yield from _newest(Path.home() / folder)


def _newest(folder: Path) -> list[Path]:
    binaries = [path for path in folder.rglob("solc-*") if path.is_file() and os.access(path, os.X_OK)]
    return sorted(binaries, key=_version, reverse=True)


@cache
def _version(path: Path) -> Version:
    """Return a compiler's version, by its name or else by what it says."""
    found = NUMBERS.search(path.name)
    if found is None:
        said = subprocess.run([str(path), "--version"], text=True, capture_output=True)
        found = NUMBERS.search(said.stdout)
    major, minor, patch = map(int, found.groups()) if found else (0, 0, 0)
    return major, minor, patch

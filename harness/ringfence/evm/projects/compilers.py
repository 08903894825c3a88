"""Where a Solidity compiler is: no download, only what is installed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ringfence.evm.projects.project import ProjectError

DOWNLOADS: Final = (
    ".solcx",
    ".svm",
)  # where py-solc-x and forge keep what they have downloaded, below a home


def solc(root: Path) -> Path:
    """Return the newest compiler that is at hand; raises ProjectError.

    Looked for in this order: ``SOLC`` (a program), ``SOLCX_BINARY_PATH`` (a folder of ``solc-v*``), ``solc``
    on the path, then what py-solc-x and forge have downloaded.
    """
    for candidate in _candidates():
        return candidate
    raise ProjectError(f"{root}: there is no solc to compile this: set SOLC to one, or put it on the path.")


def _candidates() -> Iterator[Path]:
    if stated := os.environ.get("SOLC"):
        yield Path(stated)
    if folder := os.environ.get("SOLCX_BINARY_PATH"):
        yield from _newest(Path(folder))
    if found := shutil.which("solc"):
        yield Path(found)
    for folder in DOWNLOADS:
        yield from _newest(Path.home() / folder)


def _newest(folder: Path) -> list[Path]:
    binaries = [path for path in folder.rglob("solc-*") if path.is_file() and os.access(path, os.X_OK)]
    return sorted(binaries, key=_version, reverse=True)


def _version(path: Path) -> tuple[int, ...]:
    parts = path.name.removeprefix("solc-").removeprefix("v").split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in parts)

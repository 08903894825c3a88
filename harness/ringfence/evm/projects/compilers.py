"""Which Solidity compilers to use: no download, only what is installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from ringfence.evm.projects.imports import Imports
from ringfence.evm.projects.pragma import Version, first_allowed, pragmas_of, satisfies
from ringfence.evm.projects.project import ProjectError

NUMBERS: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
DOWNLOADS: Final = (
    ".solcx",
    ".svm",
    ".local/share/svm",
    "Library/Application Support/svm",
)  # where py-solc-x and forge keep what they have downloaded, below a home


def solcs(root: Path, names: Iterable[str], imports: Imports) -> Mapping[Path, Sequence[str]]:
    """Return the compilers of some sources: one that all allow, else of each the first that it allows.

    What a source imports is compiled with it, and has to allow the compiler too. Raises ProjectError.
    """
    names = list(names)
    try:
        return {solc(root, imports.closure(names)): names}
    except ProjectError:
        found: dict[Path, list[str]] = {}
        for name in names:
            found.setdefault(solc(root, imports.closure([name])), []).append(name)
        return found


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
    asked = {path: pragmas for path, text in sources.items() if (pragmas := pragmas_of(text))}
    every = [pragma for pragmas in asked.values() for pragma in pragmas]
    fitting = (each for each in candidates if satisfies(version_of(each), every))
    if found := next(fitting, None):
        return found
    raise ProjectError(f"{root}: {_unmet(list(map(version_of, candidates)), asked)}")


def _unmet(versions: Sequence[Version], asked: Mapping[str, Sequence[str]]) -> str:
    """Return which pragmas no compiler at hand meets, those of one source if it can be, and what to do."""
    alone = (path for path, stated in asked.items() if not any(satisfies(each, stated) for each in versions))
    path = next(alone, None)
    named = {path: asked[path]} if path else asked
    texts = [f"{path} asks for {' and '.join(pragmas)}" for path, pragmas in named.items()]
    at_hand = ", ".join(dict.fromkeys(map(_text, versions)))
    wanted = first_allowed([pragma for pragmas in named.values() for pragma in pragmas])
    if wanted is None:
        return f"no one solc can compile these: {', '.join(texts)}."
    install = f"python -c \"import solcx; solcx.install_solc('{_text(wanted)}')\""
    return (
        f"{', '.join(texts)}, and no solc at hand ({at_hand}) is that: install one, with py-solc-x by"
        f" `{install}`, or set SOLC to the one to use."
    )


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _candidates() -> Iterator[Path]:
    if folder := os.environ.get("SOLCX_BINARY_PATH"):
        yield from _newest(Path(folder))
    if found := shutil.which("solc"):
        yield Path(found)
    for folder in DOWNLOADS:
        yield from _newest(Path.home() / folder)


def _newest(folder: Path) -> list[Path]:
    binaries = [path for path in folder.rglob("solc-*") if path.is_file() and os.access(path, os.X_OK)]
    return sorted(binaries, key=version_of, reverse=True)


@cache
def version_of(path: Path) -> Version:
    """Return a compiler's version, by its name or else by what it says."""
    found = NUMBERS.search(path.name)
    if found is None:
        said = subprocess.run([str(path), "--version"], text=True, capture_output=True)
        found = NUMBERS.search(said.stdout)
    major, minor, patch = map(int, found.groups()) if found else (0, 0, 0)
    return major, minor, patch

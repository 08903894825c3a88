"""Which Solidity compilers to use: those that are installed, and for what none of them is good, npm's."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from ringfence.evm.projects.foundry_toml import FILE, stated_solc
from ringfence.evm.projects.imports import Imports
from ringfence.evm.projects.npm_compilers import cached_solcs, has_npm, npm_solc
from ringfence.evm.projects.pragma import Version, first_allowed, pragmas_of, satisfies, version_in
from ringfence.evm.projects.project import ProjectError

Finding: TypeAlias = Callable[[Path, Mapping[str, str]], Path]
HOW: Final = "install it, have npm's used by pip install 'ringfence[solc]', or set SOLC to one to use"
DOWNLOADS: Final = (
    ".solcx",
    ".svm",
    ".local/share/svm",
    "Library/Application Support/svm",
)  # where py-solc-x and forge keep what they have downloaded, below a home


def solcs(root: Path, names: Sequence[str], imports: Imports) -> Mapping[Path, Sequence[str]]:
    """Return the compilers of some sources: one that all allow, else of each the first that it allows.

    What a source imports is compiled with it, and has to allow the compiler too. Compilers at hand come
    first, then npm's. Raises ProjectError.
    """
    ways = [(find, parts) for find in (at_hand, solc) for parts in ([names], [[name] for name in names])]
    for find, parts in ways[:-1]:
        with suppress(ProjectError):
            return _grouped(root, find, parts, imports)
    return _grouped(root, *ways[-1], imports)


def _grouped(
    root: Path, find: Finding, parts: Sequence[Sequence[str]], imports: Imports
) -> Mapping[Path, Sequence[str]]:
    found: dict[Path, list[str]] = {}
    for names in parts:
        found.setdefault(find(root, imports.closure(names)), []).extend(names)
    return found


def solc(root: Path, sources: Mapping[str, str]) -> Path:
    """Return the first compiler at hand that the sources' pragmas allow, else npm's; raises ProjectError."""
    try:
        return at_hand(root, sources)
    except ProjectError as missing:
        asked = _asked(root, sources)
        if not has_npm() or (asked and first_allowed(_ranges(asked)) is None):
            raise
        try:
            found = npm_solc(_ranges(asked))
        except ProjectError as failure:
            raise ProjectError(f"{str(missing)[:-1]}; {failure}.") from None
        if found is None:
            raise
        return found


def at_hand(root: Path, sources: Mapping[str, str]) -> Path:
    """Return the first compiler that is installed and that the sources' pragmas allow; raises ProjectError.

    Looked for in this order: ``SOLC`` (a program, used whatever they say), what ``foundry.toml`` names,
    ``SOLCX_BINARY_PATH`` (a folder of ``solc-v*``), ``solc`` on the path, then what py-solc-x and forge have
    downloaded, and what npm has installed for us, the newest first.
    """
    stated = stated_solc(root)
    if named := os.environ.get("SOLC") or (stated if "/" in stated else ""):
        return Path(named)
    candidates = list(_candidates())
    asked = _asked(root, sources)
    fitting = (each for each in candidates if satisfies(version_of(each), _ranges(asked)))
    if found := next(fitting, None):
        return found
    raise ProjectError(f"{root}: {_unmet(list(map(version_of, candidates)), asked)}")


def _asked(root: Path, sources: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Return the ranges of versions that each file asks for."""
    stated = stated_solc(root)
    asked = {FILE: [stated]} if stated and "/" not in stated else {}
    return asked | {path: pragmas for path, text in sources.items() if (pragmas := pragmas_of(text))}


def _ranges(asked: Mapping[str, Sequence[str]]) -> list[str]:
    return [pragma for pragmas in asked.values() for pragma in pragmas]


def _unmet(versions: Sequence[Version], asked: Mapping[str, Sequence[str]]) -> str:
    """Return which pragmas no compiler at hand meets, those of one source if it can be, and what to do."""
    if not asked:
        return f"there is no solc to compile this: {HOW}."
    alone = (path for path, stated in asked.items() if not any(satisfies(each, stated) for each in versions))
    path = next(alone, None)
    named = {path: asked[path]} if path else asked
    texts = [f"{path} asks for {' and '.join(pragmas)}" for path, pragmas in named.items()]
    if first_allowed(_ranges(named)) is None:
        return f"no one solc can compile these: {', '.join(texts)}."
    known = ", ".join(dict.fromkeys(map(_text, versions))) or "none"
    return f"{', '.join(texts)}, and no solc at hand ({known}) is that: {HOW}."


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _candidates() -> Iterator[Path]:
    if folder := os.environ.get("SOLCX_BINARY_PATH"):
        yield from _newest(Path(folder))
    if found := shutil.which("solc"):
        yield Path(found)
    for folder in DOWNLOADS:
        yield from _newest(Path.home() / folder)
    yield from cached_solcs()


def _newest(folder: Path) -> list[Path]:
    binaries = [path for path in folder.rglob("solc-*") if path.is_file() and os.access(path, os.X_OK)]
    return sorted(binaries, key=version_of, reverse=True)


@cache
def version_of(path: Path) -> Version:
    """Return a compiler's version, by its name or else by what it says."""
    named = version_in(path.name)
    if any(named):
        return named
    return version_in(subprocess.run([str(path), "--version"], text=True, capture_output=True).stdout)

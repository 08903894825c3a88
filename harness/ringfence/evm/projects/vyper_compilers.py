"""Which Vyper compiler to use: one that is installed, or one from PyPI in an environment of its own."""

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ringfence.evm.projects.compiler_cache import installed, output_of
from ringfence.evm.projects.project import ProjectError

NUMBERS: Final = re.compile(r"\d+\.\d+\.\d+\w*")
EXACT: Final = re.compile(r"^#\s*(?:pragma version|@version)\s+(?:==)?(\d+\.\d+\.\d+\w*)\s*$", re.MULTILINE)


class VyperCompiler(NamedTuple):
    """A program, and what it says of its version."""

    path: Path
    version: str


def stated_version(sources: Iterable[str]) -> str | None:
    """Return the one version that sources ask for exactly; None where they leave a choice."""
    stated = {version for text in sources for version in EXACT.findall(text)}
    return stated.pop() if len(stated) == 1 else None


def vyper_compiler(root: Path, version: str | None) -> VyperCompiler:
    """Return a compiler, of a version where one is named; raises ProjectError.

    Looked for in this order: ``VYPER`` (a program, used whatever is named), ``vyper`` beside this Python,
    ``vyper`` on the path. One of a named version is installed when none of these is.
    """
    if stated := os.environ.get("VYPER"):
        return _known(Path(stated))
    compilers = map(_known, _candidates())
    if found := next((each for each in compilers if version in (None, each.version)), None):
        return found
    if version is None:
        advice = (
            "install it with pip install 'ringfence[vyper]', or name the version that rf.vyper is to install"
        )
        raise ProjectError(f"{root}: there is no Vyper compiler: {advice}.")
    return _installed(version)


def _candidates() -> Iterator[Path]:
    beside = Path(sys.executable).with_name("vyper")
    if beside.exists():
        yield beside
    if found := shutil.which("vyper"):
        yield Path(found)


def _known(path: Path) -> VyperCompiler:
    said = NUMBERS.search(output_of([str(path), "--version"]))
    return VyperCompiler(path, said.group() if said else "")


def _installed(version: str) -> VyperCompiler:
    """Return the compiler from the cache, where it is put the first time; raises ProjectError."""

    def install(folder: Path) -> None:
        output_of([sys.executable, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
        output_of([*pip, "--quiet", f"vyper=={version}"])

    return VyperCompiler(installed("vyper", version, "PyPI", install) / "bin" / "vyper", version)

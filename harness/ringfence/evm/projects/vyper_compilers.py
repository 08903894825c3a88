"""Which Vyper compiler to use: one that is installed, or one from PyPI in an environment of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

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
    said = NUMBERS.search(_output([str(path), "--version"]))
    return VyperCompiler(path, said.group() if said else "")


def _installed(version: str) -> VyperCompiler:
    """Return the compiler from the cache, where it is put the first time; raises ProjectError."""
    cache = Path(os.environ.get("RINGFENCE_CACHE") or Path.home() / ".cache" / "ringfence")
    folder = cache / f"vyper-{version}"
    path, done = folder / "bin" / "vyper", folder / "installed"
    if not done.exists():
        _output([sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [
            str(folder / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
        ]
        _output([*pip, f"vyper=={version}"])
        done.touch()
    return VyperCompiler(path, version)


def _output(command: Sequence[str]) -> str:
    """Return what a program says; raises ProjectError when it fails."""
    try:
        done = subprocess.run(command, text=True, capture_output=True)
    except OSError as failure:
        raise ProjectError(f"{command[0]}: {failure.strerror}.") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise ProjectError(f"{' '.join(command)} failed: {said[-1][:200]}")
    return done.stdout

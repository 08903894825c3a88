"""Solidity compilers from npm: its build of any solc, run by Node, in the cache of compilers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ringfence.evm.projects.compiler_cache import DONE, cache_folder, installed
from ringfence.evm.projects.pragma import Version, satisfies, version_in
from ringfence.evm.projects.project import ProjectError

OLDEST: Final[Version] = (0, 5, 13)  # the first that describes storage
PACKAGE: Final = Path("node_modules", "solc")
SCRIPT: Final = Path(__file__).with_name("solc.cjs")
QUIET: Final = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--logs-max=0")
ALONE: Final = ("--no-save", "--no-package-lock", "--ignore-scripts")  # nothing but the packages


def has_npm() -> bool:
    """Return whether there are Node and npm, those of the extra ``solc`` or others on the path."""
    return bool(_executable("node") and _executable("npm"))


def cached_solcs() -> Iterator[Path]:
    """Yield the compilers that were installed before, the newest first."""
    node = _executable("node")
    folders = [each.parent for each in cache_folder().glob(f"solc-*/{DONE}")] if node else []
    for folder in sorted(folders, key=lambda each: version_in(each.name), reverse=True):
        yield _launcher(folder, node)


def npm_solc(pragmas: Sequence[str]) -> Path | None:
    """Return the newest compiler that pragmas allow, installed from npm; None without one.

    Raises ProjectError when npm fails.
    """
    versions = [
        each for each in published() if version_in(each) >= OLDEST and satisfies(version_in(each), pragmas)
    ]
    if not versions:
        return None
    newest = max(versions, key=version_in)
    return _launcher(
        installed("solc", newest, "npm", lambda folder: install(newest, folder)), _executable("node")
    )


@cache
def published() -> tuple[str, ...]:
    """Return the versions that npm has, releases alone; raises ProjectError."""
    versions: list[str] = _npm("view", "solc", "versions")
    return tuple(each for each in versions if each.replace(".", "").isdigit())


def install(version: str, folder: Path) -> None:
    """Have npm put a compiler into a folder; raises ProjectError."""
    _npm("install", "--prefix", str(folder), *ALONE, f"solc@{version}")


def _npm(command: str, *arguments: str) -> Any:
    """Return what npm answers; raises ProjectError."""
    options = (*arguments, "--json", *QUIET)
    done = subprocess.run([_executable("npm"), command, *options], text=True, capture_output=True)
    answer = json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else {}
    if done.returncode:
        reason = answer.get("error", {}).get("summary") or done.stderr.strip() or "no reason given"
        raise ProjectError(f"npm {command} failed: {reason.splitlines()[0]}")
    return answer


def _executable(name: str) -> str:
    """Return a program beside this Python, where the extra puts it, or on the path; ``""`` without."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name) or ""


def _launcher(folder: Path, node: str) -> Path:
    """Return the program that runs a compiler, written anew where Node or this package have moved."""
    path = folder / f"solc-v{folder.name.removeprefix('solc-')}"
    text = f'#!/bin/sh\nexec "{node}" "{SCRIPT}" --package "{folder / PACKAGE}" "$@"\n'
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        written = path.with_suffix(f".{os.getpid()}")
        written.write_text(text, encoding="utf-8")
        written.chmod(0o755)
        written.replace(path)
    return path

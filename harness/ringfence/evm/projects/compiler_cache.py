"""Compilers that are installed once, each version in a folder of its own below a cache of ours."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ringfence.evm.projects.project import ProjectError

DONE: Final = "installed"  # the file that is written last


def cache_folder() -> Path:
    """Return where compilers are installed: ``RINGFENCE_CACHE``, or ``~/.cache/ringfence``."""
    return Path(os.environ.get("RINGFENCE_CACHE") or Path.home() / ".cache" / "ringfence")


def installed(compiler: str, version: str, source: str, install: Callable[[Path], None]) -> Path:
    """Return the folder of a compiler, which is put there the first time; say so; raises ProjectError."""
    folder = cache_folder() / f"{compiler}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not (folder / DONE).exists():
            print(f"{compiler} {version} is installed from {source}, once: {folder}.", file=sys.stderr)
            install(folder)
            (folder / DONE).touch()
    return folder


def output_of(command: Sequence[str]) -> str:
    """Return what a program says; raises ProjectError when it fails."""
    try:
        done = subprocess.run(command, text=True, capture_output=True)
    except OSError as failure:
        raise ProjectError(f"{command[0]}: {failure.strerror}.") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise ProjectError(f"{' '.join(command)} failed: {said[-1][:200]}")
    return done.stdout

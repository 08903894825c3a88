"""Compilers that take a request in standard JSON; what they answer is kept."""

import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ringfence.evm.projects.project import ProjectError, read_json

CACHE: Final = Path(".build", "ringfence")
FORMAT: Final = 2  # of what is kept
CACHED: Final = ("contracts", "sources")  # of what the compiler returns
VYPER_PLACE: Final = re.compile(r'contract "(?P<file>[^"]+):(?P<line>\d+)"')


def request_of(language: str, sources: Mapping[str, str], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request to compile sources, by their paths."""
    return {"language": language, "sources": contents_of(sources), "settings": settings}


def contents_of(sources: Mapping[str, str]) -> dict[str, Any]:
    """Return sources as a request has them."""
    return {path: {"content": text} for path, text in sources.items()}


def stored(root: Path, request: Mapping[str, Any], make: Callable[[], Any], salt: str = "") -> Any:
    """Return what ``make`` makes of a request, now or the last time; raises ProjectError.

    It is kept in the project's folder ``root``; ``salt`` tells compilers apart that answer one request
    differently.
    """
    asked = json.dumps(request)
    digest = hashlib.sha256(f"{FORMAT} {CACHED} {salt}{asked}".encode()).hexdigest()
    file = root / CACHE / f"{digest[:32]}.json"
    if not file.exists():
        made = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(made))
    return read_json(file)


def answer(root: Path, command: Sequence[str], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a compiler makes of a request, run in the project's folder; raises ProjectError."""
    try:
        done = subprocess.run(command, input=json.dumps(request), text=True, capture_output=True, cwd=root)
    except OSError as failure:
        raise ProjectError(f"{command[0]}: {failure.strerror}.") from None
    if done.returncode or not done.stdout.startswith("{"):
        raise ProjectError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[:200]}")
    output = json.loads(done.stdout)
    errors = [error for error in output.get("errors", ()) if error["severity"] == "error"]
    if errors:
        raise ProjectError(_sentence(root, errors[0]))
    return {part: output.get(part, {}) for part in CACHED}


def _sentence(root: Path, error: Mapping[str, Any]) -> str:
    """Return an error with its place, which solc writes itself and Vyper draws."""
    if drawn := VYPER_PLACE.search(error["formattedMessage"]):
        return f"{root / drawn['file']}:{drawn['line']}: {error['message'].strip().splitlines()[0]}"
    return f"{root}: {error['formattedMessage'].strip()}"

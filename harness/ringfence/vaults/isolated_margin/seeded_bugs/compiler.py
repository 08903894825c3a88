"""Compiles changed sources of contracts/: quickly, and never the same twice.

Without the intermediate representation that the deployed code goes through, which takes four times as long.
"""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from ringfence.types.errors import RingfenceError

ROOT: Final = Path(__file__).resolve().parents[5]
CACHE: Final = ROOT / ".build" / "seeded bugs"
NODE: Final = ROOT / ".tools" / "bin" / "node"
SERVICE: Final = ROOT / "tools" / "solc_service.cjs"
IMPORT: Final = re.compile(r'from "(\.[^"]+)"')
HASTY: Final = {"enabled": False}  # a quarter of the time; seeded bugs run where code may have any size
OPTIMISED: Final = {"enabled": True, "runs": 200}  # for comparisons of speed
SETTINGS: Final = {
    "evmVersion": "cancun",
    "metadata": {"appendCBOR": False},  # code that does the same is the same
    "remappings": ["@openzeppelin/contracts=node_modules/@openzeppelin/contracts"],
}

CONTENTS: Final = "contracts/"

Sources = Mapping[str, str]
Optimizer = Mapping[str, bool | int]


class DoesNotCompile(RingfenceError):
    """The compiler refused a source. The message is the compiler's."""


@cache
def real_sources() -> Sources:
    """Return the text of every contract that is no mock, by its path from contracts/."""
    folder = ROOT / "contracts"
    paths = [path.relative_to(folder) for path in sorted(folder.rglob("*.sol"))]
    return {path.as_posix(): (folder / path).read_text() for path in paths if "mocks" not in path.parts}


def creation_code(name: str, sources: Sources, optimizer: Optimizer = HASTY) -> bytes:
    """Return the creation code of the contract in ``<name>.sol``, without metadata; raises DoesNotCompile."""
    needed = {path: sources[path] for path in imported(f"{name}.sol", sources)}
    request = _request(name, needed, optimizer)
    stored = CACHE / f"{name}-{hashlib.sha256(request.encode()).hexdigest()[:32]}.hex"
    if not stored.exists():
        code = _answer(request)["contracts"][f"{CONTENTS}{name}.sol"][name]["evm"]["bytecode"]["object"]
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = stored.with_suffix(f".{os.getpid()}")  # others may be writing the same
        unfinished.write_text(str(code))
        unfinished.replace(stored)
    return bytes.fromhex(stored.read_text())


def syntax_trees(sources: Sources) -> dict[str, Any]:
    """Return the compiler's syntax tree of every source, by its path; raises DoesNotCompile."""
    request = _input(sources, SETTINGS | {"outputSelection": {"*": {"": ["ast"]}}})
    answer = _answer(request)["sources"]
    return {path: answer[CONTENTS + path]["ast"] for path in sources}


def imported(path: str, sources: Sources) -> list[str]:
    """Return a source and all that it imports from contracts/, in the order of their paths."""
    found, waiting = set[str](), [path]
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            waiting += [_resolved(source, name) for name in IMPORT.findall(sources[source])]
    return sorted(found)


def _resolved(source: str, imported: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(source).parent / imported).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _request(name: str, sources: Sources, optimizer: Optimizer) -> str:
    wanted = {f"{CONTENTS}{name}.sol": {name: ["evm.bytecode.object"]}}
    return _input(sources, SETTINGS | {"optimizer": optimizer, "outputSelection": wanted})


def _input(sources: Sources, settings: Mapping[str, Any]) -> str:
    contents = {CONTENTS + path: {"content": text} for path, text in sources.items()}
    return json.dumps({"language": "Solidity", "sources": contents, "settings": settings})


def _answer(request: str) -> Any:
    stdin, stdout = _service(os.getpid())
    try:
        stdin.write(request + "\n")
        stdin.flush()
        line = stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        raise DoesNotCompile(f"{SERVICE} ended before it answered: run `make setup`.")
    answer = json.loads(line)
    errors = [error for error in answer.get("errors", ()) if error["severity"] == "error"]
    if errors:
        raise DoesNotCompile("\n".join(error["formattedMessage"] for error in errors))
    return answer


@cache
def _service(process_id: int) -> tuple[IO[str], IO[str]]:
    """Return what this process writes inputs to and reads outputs from; the compiler ends with it."""
    command = [str(NODE), str(SERVICE), str(ROOT)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout

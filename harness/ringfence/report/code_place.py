"""Where in the code a finding is: the line that reverts, else the function that its last step calls."""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.evm.workspace import Workspace
from ringfence.types.finding import Finding

SITE: Final = re.compile(r"(?P<file>.+):(?P<line>\d+)")
REPOSITORY: Final = ".git"


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A line of a file; ``root`` is the folder that code hosts and readers take its path from."""

    file: Path
    line: int
    root: Path

    @property
    def uri(self) -> str:
        """Return the file as seen from the root, absolute where it is not below."""
        is_below = self.file.is_relative_to(self.root)
        return self.file.relative_to(self.root).as_posix() if is_below else self.file.as_uri()


def code_place(system: System, finding: Finding, site: str) -> CodePlace:
    """Return where the last step reverts, which ``site`` says, else the function of the vault that it calls.

    Without a line of Solidity it is the adapter's method of that action, or the adapter. ``system`` is the
    finding's vault; it is restarted.
    """
    adapter = Target.named(finding.vault.name).adapter
    own, number = _in_python(adapter, finding)
    root = _root(own)
    for place in filter(None, (site, _called(system, finding))):
        if (found := SITE.fullmatch(place)) and (file := _file(system, found["file"])):
            return CodePlace(file, int(found["line"]), root)
    return CodePlace(own, number, root)


def _root(file: Path) -> Path:
    """Return the repository that a file is in, else the working directory, else the file's folder."""
    repository = next((each for each in file.parents if (each / REPOSITORY).exists()), None)
    here = Path.cwd().resolve()
    return repository or (here if file.is_relative_to(here) else file.parent)


def _called(system: System, finding: Finding) -> str | None:
    """Return the function that the last step calls, as ``Vault.sol:12``."""
    vault = system.vault
    if not isinstance(vault, ValidatedVault):
        return None
    system.restart()
    for step in finding.sequence:
        vault.bench.last_call = None
        vault.apply(step)
    return vault.bench.called_function()


def _file(system: System, path: str) -> Path | None:
    """Return the file of a path that a contract's source map names, if it is there."""
    bench: Workspace | None = getattr(system.vault, "bench", None)
    maps = [each.source_map for each in bench.artifacts.values()] if bench else []
    files = (each.folder / path for each in maps if each)
    return next((each for each in files if each.is_file()), None)


def _in_python(adapter: Any, finding: Finding) -> tuple[Path, int]:
    """Return file and line of the adapter's method of the last action, else of the adapter."""
    method = finding.sequence[-1].action.method if finding.sequence else ""
    code = getattr(adapter, method, adapter) if method else adapter
    try:
        return Path(inspect.getfile(code)).resolve(), inspect.getsourcelines(code)[1]
    except (OSError, TypeError):
        return Path(inspect.getfile(adapter)).resolve(), 1

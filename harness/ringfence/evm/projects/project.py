"""A project's compiled contracts, by name."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ringfence.evm.artifacts import Artifact
from ringfence.evm.projects.rewriting import Rewriting, current_rewriting
from ringfence.evm.source_map import SourceMap


class ProjectError(Exception):
    """A contract cannot be had. The message is one sentence with the place."""


class Project(Mapping[str, Artifact]):
    """Contracts by name. They are compiled, or read, when the first is asked for."""

    def __init__(self, place: Path, read: Callable[[], Mapping[str, Artifact]]) -> None:
        """``place`` is what messages name; ``read`` raises ProjectError."""
        self.place = place
        self._read = read
        self._artifacts: dict[Rewriting | None, Mapping[str, Artifact]] = {}

    def __getitem__(self, name: str) -> Artifact:
        """Return a contract; raises ProjectError."""
        if name not in self._all():
            raise ProjectError(
                f"{self.place}: there is no contract {name}, only {', '.join(sorted(self._all()))}."
            )
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._all())

    def __len__(self) -> int:
        """Return how many contracts there are."""
        return len(self._all())

    def _all(self) -> Mapping[str, Artifact]:
        now = current_rewriting()
        if now not in self._artifacts:
            self._artifacts[now] = self._read()
        return self._artifacts[now]


def artifact(
    name: str,
    place: Path,
    abi: Any,
    bytecode: str,
    source_map: SourceMap | None = None,
    storage_layout: Mapping[str, Any] | None = None,
) -> Artifact:
    """Return a contract from its ABI and creation code in hex; raises ProjectError when it is not linked."""
    code = bytecode.removeprefix("0x")
    if "__" in code:
        raise ProjectError(
            f"{place}: {name} is not linked with its libraries: give it their addresses first."
        )
    return Artifact(name, abi, bytes.fromhex(code), dict(storage_layout or {}), source_map)


def read_json(path: Path) -> Any:
    """Return what a file holds; raises ProjectError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise ProjectError(f"{path}: {failure.strerror}.") from None
    except ValueError as failure:
        raise ProjectError(f"{path}: no JSON: {failure}.") from None

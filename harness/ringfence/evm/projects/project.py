"""A project's compiled contracts, by name."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from ringfence.evm.artifacts import Artifact
from ringfence.evm.projects.linking import digest_of, placeholders, without_libraries
from ringfence.evm.projects.rewriting import Rewriting, current_rewriting
from ringfence.evm.source_map import SourceMap


class ProjectError(Exception):
    """A contract cannot be had. The message is one sentence with the place."""


@dataclass(frozen=True, slots=True)
class CompiledContract:
    """A contract as a compiler left it: creation code in hex, with a placeholder for each library.

    ``source`` is the path of its source as the compiler was given it, ``place`` what messages name.
    """

    name: str
    source: str
    place: Path
    abi: Any
    code: str
    source_map: SourceMap | None = None
    storage_layout: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Return what tells it from others of its name: ``src/Vault.sol:Vault``."""
        return f"{self.source}:{self.name}"


class ContractSet(Mapping[str, Artifact]):
    """ContractSet by name, and by full name where several have one."""

    def __init__(self, place: Path, compiled: Sequence[CompiledContract]) -> None:
        self._place = place
        self._by_full_name = {each.full_name: each for each in compiled}
        self._counts = Counter(each.name for each in self._by_full_name.values())
        self._made: dict[str, Artifact] = {}

    def __getitem__(self, name: str) -> Artifact:
        """Return a contract; raises ProjectError for an unknown or ambiguous name, or a library not here."""
        found = self._found(name)
        if found.full_name not in self._made:
            self._made[found.full_name] = self._artifact(found)
        return self._made[found.full_name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return (
            each.name if self._counts[each.name] == 1 else each.full_name
            for each in self._by_full_name.values()
        )

    def __len__(self) -> int:
        """Return how many contracts there are."""
        return len(self._by_full_name)

    def _found(self, name: str) -> CompiledContract:
        part = f"/{name}" if ":" in name else f":{name}"
        found = [each for full, each in self._by_full_name.items() if f"/{full}".endswith(part)]
        if len(found) > 1:
            names = " and ".join(sorted(each.full_name for each in found))
            raise ProjectError(f"{self._place}: there are {len(found)} contracts {name}: say which, {names}.")
        if not found:
            near = get_close_matches(name, list(self), 1)
            advice = f"did you mean {near[0]}?" if near else f"only {', '.join(sorted(self))}."
            raise ProjectError(f"{self._place}: there is no contract {name}, {advice}")
        return found[0]

    def _artifact(self, found: CompiledContract) -> Artifact:
        """Return a contract with the libraries that it needs; raises ProjectError."""
        code, links = found.code.removeprefix("0x"), []
        for offset, digest in placeholders(code):
            library = self._by_digest.get(digest)
            if library is None:
                reason = "is not linked with its libraries, and one of them is not here"
                raise ProjectError(f"{found.place}: {found.name} {reason}.")
            links.append((offset, self[library.full_name]))
        bytecode, layout = bytes.fromhex(without_libraries(code)), dict(found.storage_layout)
        return Artifact(found.name, found.abi, bytecode, layout, found.source_map, tuple(links))

    @cached_property
    def _by_digest(self) -> Mapping[str, CompiledContract]:
        return {digest_of(full): each for full, each in self._by_full_name.items()}


class Project(Mapping[str, Artifact]):
    """ContractSet by name. They are compiled, or read, when the first is asked for.

    One of several that have the same name is asked for by its file too: ``src/Vault.sol:Vault``.
    """

    def __init__(self, place: Path, read: Callable[[], Mapping[str, Artifact]]) -> None:
        """``place`` is what messages name; ``read`` raises ProjectError."""
        self.place = place
        self._read = read
        self._contracts: dict[Rewriting | None, Mapping[str, Artifact]] = {}

    def __getitem__(self, name: str) -> Artifact:
        """Return a contract; raises ProjectError."""
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._all())

    def __len__(self) -> int:
        """Return how many contracts there are."""
        return len(self._all())

    def _all(self) -> Mapping[str, Artifact]:
        now = current_rewriting()
        if now not in self._contracts:
            self._contracts[now] = self._read()
        return self._contracts[now]


def read_json(path: Path) -> Any:
    """Return what a file holds; raises ProjectError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise ProjectError(f"{path}: {failure.strerror}.") from None
    except ValueError as failure:
        raise ProjectError(f"{path}: no JSON: {failure}.") from None

"""Sources as they are, or with replacements in them: a seeded bug, say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ringfence.evm.projects.project import ProjectError


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that must be found exactly once in a file of the sources, and what takes its place."""

    file: str
    find: str
    put: str


def sources_of(root: Path, pattern: str) -> Mapping[str, str]:
    """Return the text of every source below a folder, by its path from there; raises ProjectError."""
    found = (path for path in root.rglob(pattern) if "node_modules" not in path.parts)
    paths = sorted(path for path in found if not path.is_dir())  # forge has folders of that name
    if not paths:
        raise ProjectError(f"{root}: there is no source here that is called {pattern}.")
    return {path.relative_to(root).as_posix(): _text(path) for path in paths}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as failure:
        raise ProjectError(f"{path}: {failure.strerror}.") from None
    except UnicodeDecodeError as failure:
        raise ProjectError(f"{path}: no UTF-8 text: {failure.reason} at byte {failure.start}.") from None


def edited(sources: Mapping[str, str], edits: Iterable[Edit]) -> Mapping[str, str]:
    """Return the sources with every edit made; raises ProjectError."""
    changed = dict(sources)
    for edit in edits:
        count = changed.get(edit.file, "").count(edit.find)
        if count != 1:
            raise ProjectError(f"{edit.file}: found {count} times, and not once: {edit.find}")
        changed[edit.file] = changed[edit.file].replace(edit.find, edit.put)
    return changed

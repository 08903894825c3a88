"""Lists of what no search can find or reach, each entry with a reason: YAML, read strictly."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from ringfence.types.errors import RingfenceError

LEAST_WORDS: Final = 5  # of a reason, which is an entry's last field

Entry = TypeVar("Entry")


class BadList(RingfenceError):
    """A list can't be read. The message is one sentence with the place."""


def entries_in(path: Path | None, kind: type[Entry]) -> list[Entry]:
    """Return the entries of a list, none without a list; raises BadList.

    ``kind`` is a dataclass, whose fields are an entry's: each a text.
    """
    if path is None:
        return []
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # a dataclass is what it is
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except OSError as failure:
        raise BadList(f"{path}: {failure.strerror}.") from None
    except yaml.YAMLError as failure:
        raise BadList(f"{path}: no YAML: {' '.join(str(failure).split())}.") from None
    if not isinstance(entries, list):
        raise BadList(f"{path}: a list of entries is wanted, each with {', '.join(names)}.")
    return [kind(**_checked(path, number, entry, names)) for number, entry in enumerate(entries, start=1)]


def _checked(path: Path, number: int, entry: Any, names: list[str]) -> dict[str, str]:
    """Return an entry without the space around its texts; raises BadList."""
    is_whole = isinstance(entry, dict) and sorted(entry) == sorted(names)
    if not is_whole or not all(isinstance(value, str) for value in entry.values()):
        raise BadList(f"{path}, entry {number}: wanted are {', '.join(names)}, each a text.")
    if len(entry[names[-1]].split()) < LEAST_WORDS:
        raise BadList(f"{path}, entry {number}: {entry[names[-1]]!r} is no argument.")
    return {name: text.strip() for name, text in entry.items()}

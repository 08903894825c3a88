"""Findings that are known already, by their causes, as a file that campaigns pass over and add to."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ringfence.types.codec import decode, encode
from ringfence.types.errors import RingfenceError
from ringfence.types.finding import CauseKey

SCHEMA: Final = "ringfence.known/1"


class BadKnown(RingfenceError):
    """A file is no list of known findings. The message is one sentence that names the file."""


def read(file: Path) -> frozenset[CauseKey]:
    """Return the causes that a file lists; raises BadKnown."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        stated = data["schema"]
        causes = frozenset(decode(each, CauseKey) for each in data["causes"]) if stated == SCHEMA else None
    except OSError as failure:
        raise BadKnown(f"{file}: {failure.strerror}: write it by --remember first.") from None
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError):
        raise BadKnown(f"{file} was not written by --remember, or is cut off.") from None
    if causes is None:
        raise BadKnown(f"{file} is of the schema {stated!r}, and {SCHEMA} is read here.")
    return causes


def write(file: Path, causes: Iterable[CauseKey]) -> None:
    """Write causes, in their order as text; raises BadKnown."""
    listed: list[Any] = [encode(each) for each in sorted(causes, key=str)]
    try:
        file.write_text(json.dumps({"schema": SCHEMA, "causes": listed}, indent=2) + "\n", encoding="utf-8")
    except OSError as failure:
        raise BadKnown(f"{file}: {failure.strerror}.") from None

"""What became of a vault's mutants, as a report shows it: the matrix that ``ringfence mutants`` writes."""

import json
from pathlib import Path
from typing import Any, Final, TypeAlias

from ringfence.types.errors import RingfenceError

SCHEMA: Final = "ringfence.mutants/2"
Matrix: TypeAlias = dict[str, Any]


class BadMatrix(RingfenceError):
    """A file is no matrix. The message is one sentence with the place."""


def read(path: Path) -> Matrix:
    """Return the matrix in a file; raises BadMatrix, OSError."""
    try:
        matrix = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as failure:
        raise BadMatrix(f"{path}: no JSON: {failure}.") from None
    if not isinstance(matrix, dict) or matrix.get("schema") != SCHEMA:
        raise BadMatrix(f"{path}: `ringfence mutants --matrix` writes {SCHEMA}, and this is something else.")
    return matrix

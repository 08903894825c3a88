"""What is wrong with an adapter, as one sentence with the place."""

import traceback
from pathlib import Path
from typing import Final

from ringfence.evm.chains.base import ChainUnavailable
from ringfence.evm.workspace import NoSuchPosition
from ringfence.types.errors import AdapterFault

OURS: Final = str(Path(__file__).parents[1])
PASSED_ON: Final = (AdapterFault, ChainUnavailable, NoSuchPosition)


class Blaming:
    """Turns what an adapter's method raises into an AdapterFault that says where; a chain's fault is none."""

    __slots__ = ("_adapter", "_method")

    def __init__(self, adapter: str, method: str) -> None:
        self._adapter, self._method = adapter, method

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        if isinstance(failure, Exception) and not isinstance(failure, PASSED_ON):
            message = " ".join(str(failure).split()) or "no message"
            raised = f"{type(failure).__name__}{place_in(failure)}: {message}"
            raise AdapterFault(f"{self._adapter}.{self._method} raised {raised}") from failure


def place_in(failure: Exception) -> str:
    """Return the last line of the adapter's that was running, after `` at ``; ``""`` if none was."""
    frames = traceback.extract_tb(failure.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith((OURS, "<frozen"))]
    return f" at {theirs[-1].filename}:{theirs[-1].lineno}" if theirs else ""

"""What is wrong with an adapter, as one sentence with the place."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ringfence.evm.chains.base import ChainUnavailable
from ringfence.evm.workspace import NoSuchPosition
from ringfence.types.errors import AdapterFault

OURS: Final = str(Path(__file__).parents[1])


@contextmanager
def blaming(adapter: str, method: str) -> Iterator[None]:
    """Turn what an adapter's method raises into an AdapterFault that says where; a chain's fault is none."""
    try:
        yield
    except (AdapterFault, ChainUnavailable, NoSuchPosition):
        raise
    except Exception as failure:
        message = " ".join(str(failure).split()) or "no message"
        place = place_in(failure)
        raise AdapterFault(
            f"{adapter}.{method} raised {type(failure).__name__}{place}: {message}"
        ) from failure


def place_in(failure: Exception) -> str:
    """Return the last line of the adapter's that was running, after `` at ``; ``""`` if none was."""
    frames = traceback.extract_tb(failure.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith((OURS, "<frozen"))]
    return f" at {theirs[-1].filename}:{theirs[-1].lineno}" if theirs else ""

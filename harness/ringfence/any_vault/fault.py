"""What is wrong with an adapter, as one sentence with the place."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ringfence.bench import NoSuchPosition


class AdapterFault(Exception):
    """An adapter does not keep to its protocol. The message is one sentence."""


@contextmanager
def blaming(adapter: str, method: str) -> Iterator[None]:
    """Turn whatever an adapter's method raises into an AdapterFault that says where."""
    try:
        yield
    except (AdapterFault, NoSuchPosition, KeyboardInterrupt):
        raise
    except Exception as failure:
        frame = traceback.extract_tb(failure.__traceback__)[-1 if failure.__traceback__ is None else 1 :]
        place = f" at {frame[0].filename}:{frame[0].lineno}" if frame else ""
        told = " ".join(str(failure).split()) or "no message"
        raise AdapterFault(f"{adapter}.{method} raised {type(failure).__name__}{place}: {told}") from failure

"""Why a command stops before its work is done, and where what it complains of is written."""

import inspect
from typing import Any


class RingfenceError(Exception):
    """A command can't go on. The message is one sentence: what, where, and what to do."""


class AdapterFault(RingfenceError):
    """An adapter does not follow its protocol. The message is one sentence."""


def place_of(stated: Any) -> str:
    """Return the file and line of a function or a class; its full name, where there is no file."""
    try:
        return f"{inspect.getsourcefile(stated)}, line {inspect.getsourcelines(stated)[1]}"
    except (OSError, TypeError):
        return f"{stated.__module__}.{stated.__qualname__}"

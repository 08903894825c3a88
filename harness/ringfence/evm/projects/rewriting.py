"""Changing sources on their way to the compiler, for whoever measures what is reached of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeAlias

Trees: TypeAlias = Callable[[], Mapping[str, Any]]
"""Returns the compiler's syntax tree of each source, by its path."""
Rewrite: TypeAlias = Callable[[Path, Mapping[str, str], Trees], Mapping[str, str]]
"""Takes a project's folder, its sources by path, and their trees; returns the sources to compile."""

_REWRITE: ContextVar[Rewrite | None] = ContextVar("rewrite", default=None)


@contextmanager
def rewriting(rewrite: Rewrite) -> Iterator[None]:
    """Have every Solidity project compile what ``rewrite`` makes of its sources, for a while."""
    token = _REWRITE.set(rewrite)
    try:
        yield
    finally:
        _REWRITE.reset(token)


def current_rewrite() -> Rewrite | None:
    """Return what sources go through now, if through anything."""
    return _REWRITE.get()

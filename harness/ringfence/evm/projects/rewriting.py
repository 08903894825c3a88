"""Changing sources on their way to the compiler, to measure what is reached of them or who notices."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Trees: TypeAlias = Callable[[], Mapping[str, Any]]
"""Returns the compiler's syntax tree of each source, by its path."""
Rewrite: TypeAlias = Callable[[Path, Mapping[str, str], Trees], Mapping[str, str]]
"""Takes a project's folder, its sources by path, and their trees; returns the sources to compile."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How sources are compiled meanwhile; without the optimiser it takes a quarter of the time."""

    rewrite: Rewrite
    is_optimised: bool


_REWRITING: ContextVar[Rewriting | None] = ContextVar("rewriting", default=None)


@contextmanager
def rewriting(rewrite: Rewrite, *, is_optimised: bool = False) -> Iterator[None]:
    """Have every Solidity project compile what ``rewrite`` makes of its sources, for a while."""
    token = _REWRITING.set(Rewriting(rewrite, is_optimised))
    try:
        yield
    finally:
        _REWRITING.reset(token)


def current_rewriting() -> Rewriting | None:
    """Return what sources go through now, if through anything."""
    return _REWRITING.get()

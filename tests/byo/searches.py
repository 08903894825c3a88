"""Searches of small vaults, by one seed."""

from typing import Any

from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.types.finding import Finding


def searched(
    adapter: Any, runs: int | None = None, seconds: float = 60, *, only: str | None = None
) -> SearchResult:
    """Return what a search for any violation, or for those of one property, has done."""
    target = Target.named(adapter) if isinstance(adapter, str) else Target(adapter)
    return Search(target, seed=1, objective=Violations({only} if only else set())).run(Budget(runs, seconds))


def found_in(adapter: Any, *, only: str | None = None) -> Finding:
    """Return what a search finds in a vault, which must be something."""
    found = searched(adapter, only=only).finding
    assert found is not None
    return found

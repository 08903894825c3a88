"""What the parts of returned values and events are called: an ability, so that mismatches have names."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from ringfence.types.outcome import Value

Shape: TypeAlias = "tuple[tuple[str, Shape], ...] | None"
"""Names, each with the shape of what it names where that is a struct."""


class Shapes:
    """Names of one vault's values. A base: without any, parts go by their numbers."""

    def returned(self, action: str) -> Shape:
        """Return the shape of what an action returns."""
        return None

    def logged(self, event: str) -> Shape:
        """Return the shape of an event's arguments."""
        return None

    def scalar(self, action: str) -> str:
        """Return what the one value that an action returns is called, ``""`` if it has no name."""
        return ""

    def refused(self, error: str) -> tuple[str, ...]:
        """Return the names of a refusal's arguments."""
        return ()


NO_NAMES: Final = Shapes()


def leaves(path: str, value: Value, shape: Shape) -> Iterator[tuple[str, Value]]:
    """Return every elementary part of a value with its path."""
    if not isinstance(value, tuple):
        yield path, value
        return
    known = shape if shape is not None and len(shape) == len(value) else None
    for index, part in enumerate(value):
        name, inner = known[index] if known else (None, None)
        yield from leaves(f"{path}.{name}" if name else f"{path}[{index}]", part, inner)

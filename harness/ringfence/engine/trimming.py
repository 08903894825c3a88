"""A program without the steps that what it reached does not need."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ringfence.properties.history import without
from ringfence.types.actions import CallSequence

Reach: TypeAlias = Callable[[CallSequence], Sequence[int | None] | None]
"""Does a program: the position that each step opened if it still reaches what it was kept for, else None."""


def trimmed(program: CallSequence, reaches: Reach) -> tuple[CallSequence, Sequence[int | None] | None]:
    """Return the program less halves, quarters, ... single steps that are not needed, the last ones first.

    With it comes what ``reaches`` said of it: None when the program itself does not reach what it should.
    """
    opened = reaches(program)
    if opened is None:
        return program, None
    size = max(1, len(program) // 2)
    while size:
        start = len(program) - size
        while start >= 0:
            shorter = without(program, opened, set(range(start, start + size)), keep_time=True)
            still = reaches(shorter) if shorter else None
            if still is not None:
                program, opened = shorter, still
            start = min(start, len(program)) - size
        size //= 2
    return program, opened

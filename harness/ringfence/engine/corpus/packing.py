"""Programs as bytes: a campaign keeps thousands, and as objects they take fifteen times as much memory.

Not for a disk: what is written here is read by the process that wrote it.
"""

import marshal
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, TypeAlias

from ringfence.types.actions import EVERY_ACTION, Action, Flaw, Program, Step

Row: TypeAlias = tuple[Any, ...]  # an action's number, seconds, and the action's fields


def packed(program: Program, reached: Sequence[str]) -> bytes:
    """Return a program, and what it was kept for, as bytes."""
    rows = [(NUMBERS[type(step.action)], step.seconds, *_values(step.action)) for step in program]
    return zlib.compress(marshal.dumps((rows, tuple(reached))), zlib.Z_BEST_SPEED)


def unpacked(data: bytes) -> tuple[Program, tuple[str, ...]]:
    """Return what was packed."""
    rows, reached = marshal.loads(zlib.decompress(data))
    return tuple(map(_step, rows)), reached


def _values(action: Action) -> Row:
    values: Row = GETTERS[type(action)](action)
    return (*values[:-1], values[-1].value) if type(values[-1]) is Flaw else values


def _step(row: Row) -> Step:
    number, seconds, *values = row
    kind = EVERY_ACTION[number]
    if kind in FLAWED:
        values[-1] = Flaw(values[-1])
    return Step(kind(*values), seconds)


def _getter(kind: type[Action]) -> Callable[[Action], Row]:
    names = [field.name for field in fields(kind)]
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda action: (get(action),)


NUMBERS: Final = {kind: number for number, kind in enumerate(EVERY_ACTION)}
GETTERS: Final = {kind: _getter(kind) for kind in EVERY_ACTION}
FLAWED: Final = frozenset(kind for kind in EVERY_ACTION if fields(kind)[-1].name == "flaw")

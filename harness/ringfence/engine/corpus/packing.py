"""Call sequences as bytes: a campaign keeps thousands, and as objects they take fifteen times as much memory.

Not for a disk: what is written here is read by the process that wrote it.
"""

import marshal
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, TypeAlias

from ringfence.types.actions import Action, CallSequence, Step

Row: TypeAlias = tuple[Any, ...]  # an action's number, seconds, and the action's fields


class Packer:
    """Packs the fields of one action; ``number`` stands for the action in rows."""

    def __init__(self, declared: type[Action], number: int) -> None:
        self.declared, self.number = declared, number
        names = [field.name for field in fields(declared)]
        self._get: Callable[[Action], Any] = attrgetter(*names)
        self._is_single = len(names) == 1
        self._enums: dict[int, type[StrEnum]] = {}  # marshal knows no enums: they are written as text

    def row(self, step: Step) -> Row:
        """Return a step as plain values."""
        got = self._get(step.action)
        values = [got] if self._is_single else list(got)
        for index, value in enumerate(values):
            if isinstance(value, StrEnum):
                self._enums[index] = type(value)
                values[index] = value.value
        return (self.number, step.seconds, *values)

    def step(self, row: Row) -> Step:
        """Return the step that a row was made of."""
        values = list(row[2:])
        for index, enum in self._enums.items():
            values[index] = enum(values[index])
        return Step(self.declared(*values), row[1])


PACKERS: Final[dict[type[Action], Packer]] = {}
BY_NUMBER: Final[list[Packer]] = []


def packed(sequence: CallSequence, reached: Sequence[str]) -> bytes:
    """Return a call sequence, and what it is stored for, as bytes."""
    rows = [_packer(type(step.action)).row(step) for step in sequence]
    return zlib.compress(marshal.dumps((rows, tuple(reached))), zlib.Z_BEST_SPEED)


def unpacked(data: bytes) -> tuple[CallSequence, tuple[str, ...]]:
    """Return what was packed."""
    rows, reached = marshal.loads(zlib.decompress(data))
    return tuple(BY_NUMBER[row[0]].step(row) for row in rows), reached


def _packer(declared: type[Action]) -> Packer:
    if declared not in PACKERS:
        PACKERS[declared] = Packer(declared, len(BY_NUMBER))
        BY_NUMBER.append(PACKERS[declared])
    return PACKERS[declared]

"""Boundary values: what stands for a number or an account until the market that an action will find is known.

Their ``repr`` can be pasted. A value that is the same in every market stands for itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from isolated_margin.fixed import PPM

from ringfence.types.kinds import Kind
from ringfence.vaults.isolated_margin.rules.view import StateView

LONG: Final = 1
SHORT: Final = -1


@dataclass(slots=True)
class Draft:
    """An action in the making: the market that it will find, and its values so far.

    A position is made first, then a size, then accounts, then the rest. ``side`` is that of the position, or
    of the one to open.
    """

    view: StateView
    kind: Kind = Kind.OTHER
    values: dict[str, Any] = field(default_factory=dict)
    position: int = 0
    side: int = LONG

    @property
    def held(self) -> int:
        """Return the size of the position, without its sign; 0 if there is none."""
        return abs(self.view.size(self.position))

    @property
    def buys(self) -> bool:
        """Return whether the action buys the base asset."""
        return (self.side > 0) == (self.kind in (Kind.OPENS, Kind.INCREASES))

    @property
    def traded(self) -> int:
        """Return the size that is opened, or traded on the position's own side, with its sign."""
        return int(self.values["size"] if "size" in self.values else self.side * self.values["size_delta"])


class Boundary:
    """A formula for a value. It prints as what it is called in the class that it is an attribute of."""

    def __init__(self, formula: Callable[[Draft], Any]) -> None:
        self._formula, self._name = formula, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"{owner.__name__}.{name}"

    def __repr__(self) -> str:
        return self._name

    def of(self, draft: Draft) -> Any:
        """Return the value."""
        return self._formula(draft)


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a limit, in parts per million, and ``plus`` units; never below zero."""

    ppm: int
    plus: int = 0


ALL: Final = Part(PPM)
HALF: Final = Part(PPM // 2)
TENTH: Final = Part(PPM // 10)
ONE_TOO_MANY: Final = Part(PPM, 1)
ONE_TOO_FEW: Final = Part(PPM, -1)
ONE: Final = Part(0, 1)
ZERO: Final = Part(0)


@dataclass(frozen=True)
class Near(Boundary):
    """A part of a limit, which counts as 0 below that."""

    limit: Boundary
    part: Part = ALL

    def of(self, draft: Draft) -> int:
        """Return the amount."""
        limit, part = self.limit.of(draft), self.part
        return max(0, (limit if limit > 0 else 0) * part.ppm // PPM + part.plus)


@dataclass(frozen=True)
class Sized(Near):
    """A size to open, on one side: a part of a limit of that side, which may be no more than a number."""

    side: int = LONG

    def of(self, draft: Draft) -> int:
        """Return the size with its sign."""
        draft.side = self.side
        return self.side * super().of(draft)


@dataclass(frozen=True)
class AtPosition(Boundary):
    """A limit of a position that the action does not name, ``plus`` units up."""

    limit: Boundary
    position: Boundary
    plus: int = 0

    def of(self, draft: Draft) -> int:
        """Return the amount."""
        return int(self.limit.of(Draft(draft.view, position=self.position.of(draft)))) + self.plus

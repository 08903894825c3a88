"""Amounts by their relation to a limit."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from isolated_margin.fixed import MAX_ASSETS, PPM


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a limit, in parts per million, and ``plus`` units; never below zero."""

    ppm: int
    plus: int

    def of(self, limit: int) -> int:
        """Return the amount for a limit."""
        return max(0, limit * self.ppm // PPM + self.plus)


@dataclass(frozen=True, slots=True)
class Exactly:
    """A number whatever the limit is."""

    value: int

    def of(self, limit: int) -> int:
        """Return the number; ``limit`` does not matter."""
        return self.value


Amount: TypeAlias = Part | Exactly

ALL: Final = Part(PPM, 0)
ONE_TOO_MANY: Final = Part(PPM, 1)
ONE_TOO_FEW: Final = Part(PPM, -1)
HALF: Final = Part(PPM // 2, 0)
TENTH: Final = Part(PPM // 10, 0)
ONE: Final = Part(0, 1)
ZERO: Final = Part(0, 0)
MOST: Final = Exactly(MAX_ASSETS)
MORE_THAN_MOST: Final = Exactly(MAX_ASSETS + 1)
HUGE: Final = Exactly(2**255)
ENDLESS: Final = Exactly(2**256 - 1)

"""Sizes to trade, by what the whole position or its side would then be."""

from dataclasses import dataclass
from typing import Final

from isolated_margin.fixed import MAX_SIZE

from ringfence.vaults.isolated_margin.rules.points import limits
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount
from ringfence.vaults.isolated_margin.rules.points.named import Named
from ringfence.vaults.isolated_margin.rules.points.scene import Scene

LONG: Final = 1
SHORT: Final = -1


class SizeLimit(Named):
    """Where a size changes what is required or refused."""

    SMALLEST = "the least size of the smallest notional"
    FIRST_FLOOR = "the largest size at or below the floor of the second tier"
    SECOND_FLOOR = "the largest size at or below the floor of the third tier"
    ROOM = "what the side may still grow to, and everybody could pay for"
    OPEN_INTEREST = "what the side may still grow to"
    LIQUIDITY = "what the pool's free liquidity can still carry"
    DOMAIN = "the largest size of the domain"

    def size(self, scene: Scene, side: int, held: int) -> int:
        """Return how much a position of ``held`` on that side can trade up to the limit; at least 0."""
        match self:
            case SizeLimit.SMALLEST:
                limit = limits.smallest_size(scene) - held
            case SizeLimit.FIRST_FLOOR:
                limit = limits.size_worth(scene, limits.floor_of(scene, 1)) - held
            case SizeLimit.SECOND_FLOOR:
                limit = limits.size_worth(scene, limits.floor_of(scene, 2)) - held
            case SizeLimit.ROOM:
                limit = limits.room(scene, side)
            case SizeLimit.OPEN_INTEREST:
                limit = limits.open_interest_left(scene, side)
            case SizeLimit.LIQUIDITY:
                limit = limits.liquidity_left(scene, side)
            case SizeLimit.DOMAIN:
                limit = MAX_SIZE
        return max(0, limit)


@dataclass(frozen=True, slots=True)
class Sized:
    """An amount of a limit, on one side."""

    side: int
    limit: SizeLimit
    amount: Amount

    def of(self, scene: Scene) -> int:
        """Return a signed size to open with."""
        return self.side * self.amount.of(self.limit.size(scene, self.side, 0))


@dataclass(frozen=True, slots=True)
class Raised:
    """An amount of a limit, on the side of the position that it is added to."""

    limit: SizeLimit
    amount: Amount

    def of(self, scene: Scene, position: int) -> int:
        """Return the size to add, in magnitude."""
        size = scene.size(position)
        return self.amount.of(self.limit.size(scene, SHORT if size < 0 else LONG, abs(size)))


@dataclass(frozen=True, slots=True)
class Lowered:
    """An amount of a position's size, or of what can be taken off before it is too small."""

    down_to_smallest: bool
    amount: Amount

    def of(self, scene: Scene, position: int) -> int:
        """Return the size to take off, in magnitude."""
        size = abs(scene.size(position))
        return self.amount.of(max(0, size - limits.smallest_size(scene)) if self.down_to_smallest else size)

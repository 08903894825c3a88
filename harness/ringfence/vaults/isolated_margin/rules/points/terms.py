"""Limit prices and deadlines."""

from dataclasses import dataclass
from typing import Final

from ringfence.vaults.isolated_margin.rules.points.named import Named
from ringfence.vaults.isolated_margin.rules.points.scene import Scene

ANY_BUYING_PRICE: Final = 2**256 - 1
FAR: Final = 10**6  # seconds


class Limit(Named):
    """How a limit price relates to the price."""

    NONE = "any price"
    AT_THE_PRICE = "the price itself"
    MISSED = "one unit better than the price"


class Deadline(Named):
    """How a deadline relates to the block's time."""

    FAR = "far ahead"
    NOW = "this block"
    PASSED = "a second ago"


@dataclass(frozen=True, slots=True)
class Terms:
    """When a trade is still wanted."""

    limit: Limit
    deadline: Deadline

    def price_wad(self, scene: Scene, *, buying: bool) -> int:
        """Return the worst acceptable price."""
        if self.limit is Limit.NONE:
            return ANY_BUYING_PRICE if buying else 0
        better = 0 if self.limit is Limit.AT_THE_PRICE else -1 if buying else 1
        return scene.price_wad + better

    def time(self, scene: Scene) -> int:
        """Return the deadline as a block's timestamp."""
        return scene.now + {Deadline.FAR: FAR, Deadline.NOW: 0, Deadline.PASSED: -1}[self.deadline]

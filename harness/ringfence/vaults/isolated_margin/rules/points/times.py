"""Seconds to wait, and ages of an answer."""

from dataclasses import dataclass
from typing import TypeAlias

from ringfence.vaults.isolated_margin.rules.points.scene import Scene


@dataclass(frozen=True, slots=True)
class Seconds:
    """So many seconds."""

    count: int

    def of(self, scene: Scene) -> int:
        """Return the count; the state does not matter."""
        return self.count


@dataclass(frozen=True, slots=True)
class OldestPrice:
    """The age at which a price is still good, and ``plus`` seconds."""

    plus: int

    def of(self, scene: Scene) -> int:
        """Return the age in seconds."""
        return scene.parameters.max_price_age + self.plus


@dataclass(frozen=True, slots=True)
class SinceEver:
    """The age of an answer that was never given: its time is zero."""

    def of(self, scene: Scene) -> int:
        """Return the age in seconds."""
        return scene.now


Time: TypeAlias = Seconds | OldestPrice | SinceEver

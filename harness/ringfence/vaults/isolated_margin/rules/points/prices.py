"""Answers of the feed, in its own decimals."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from isolated_margin.fixed import MAX_PRICE, PPM
from isolated_margin.levels import bankruptcy_price, margin_call_price
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import EMPTY

from ringfence.vaults.isolated_margin.rules.points.limits import trigger_price
from ringfence.vaults.isolated_margin.rules.points.named import Named
from ringfence.vaults.isolated_margin.rules.points.picks import Pick
from ringfence.vaults.isolated_margin.rules.points.scene import Scene


class Level(Named):
    """Where a position's status changes."""

    LIQUIDATION = "liquidation"
    BANKRUPTCY = "bankruptcy"
    MARGIN_CALL = "margin call"


@dataclass(frozen=True, slots=True)
class AtLevel:
    """The price at which a position's status changes, ``plus`` units of the feed up."""

    level: Level
    position: Pick
    plus: int

    def answer(self, scene: Scene) -> int:
        """Return the feed's answer; the present one without a position, or a price for it."""
        settled = scene.settled(self.position.of(scene))
        if settled is EMPTY:
            return scene.answer
        match self.level:
            case Level.LIQUIDATION:
                price_wad = liquidation_price(settled, scene.scale, scene.parameters)
            case Level.BANKRUPTCY:
                price_wad = bankruptcy_price(settled, scene.scale)
            case Level.MARGIN_CALL:
                price_wad = margin_call_price(settled, scene.scale, scene.parameters)
        return scene.answer_at(price_wad) + self.plus if price_wad else scene.answer


@dataclass(frozen=True, slots=True)
class AtTrigger:
    """The first price at which deleveraging is triggered, ``plus`` units of the feed up."""

    plus: int

    def answer(self, scene: Scene) -> int:
        """Return the feed's answer."""
        return scene.answer_at(trigger_price(scene)) + self.plus


@dataclass(frozen=True, slots=True)
class Moved:
    """The present price times ``ppm`` parts per million."""

    ppm: int

    def answer(self, scene: Scene) -> int:
        """Return the feed's answer."""
        return scene.answer_at(scene.price_wad) * self.ppm // PPM


@dataclass(frozen=True, slots=True)
class FromStart:
    """The price that the market started with, times ``ppm`` parts per million."""

    ppm: int

    def answer(self, scene: Scene) -> int:
        """Return the feed's answer."""
        return scene.setup.answer * self.ppm // PPM


@dataclass(frozen=True, slots=True)
class Highest:
    """The highest price of the domain, ``plus`` units of the feed up."""

    plus: int

    def answer(self, scene: Scene) -> int:
        """Return the feed's answer."""
        return scene.answer_at(MAX_PRICE) + self.plus


@dataclass(frozen=True, slots=True)
class Answer:
    """A number, whatever the state."""

    value: int

    def answer(self, scene: Scene) -> int:
        """Return the number; the state does not matter."""
        return self.value


Price: TypeAlias = AtLevel | AtTrigger | Moved | FromStart | Highest | Answer

LOWEST_INT256: Final = -(2**255)
HIGHEST_INT256: Final = 2**255 - 1


def clamped(answer: int) -> int:
    """Return the nearest answer that a feed can give."""
    return max(LOWEST_INT256, min(answer, HIGHEST_INT256))

"""A Chainlink-style feed as the vault reads it: an answer, its age, or nothing. Source: docs/rules.md."""

from typing import ClassVar, Final

from isolated_margin.errors import InvalidPrice, StalePrice
from isolated_margin.fixed import MAX_INT256, MAX_PRICE, int256, uint256, within
from isolated_margin.state import Stateful

WAD_DECIMALS: Final = 18
MAX_FEED_DECIMALS: Final = 36


def to_price_wad(answer: int, decimals: int) -> int:
    """Return a positive ``answer`` of this many decimals scaled to WAD, rounded down.

    Raises:
        NotAnInteger, OutOfDomain: ``answer`` is no positive ``int256``, ``decimals`` not 0 to 36.
        InvalidPrice: the result is zero or above ``MAX_PRICE``; tested before scaling up.
    """
    within(answer, 1, MAX_INT256)
    within(decimals, 0, MAX_FEED_DECIMALS)
    return _scaled(answer, decimals)


def _scaled(answer: int, decimals: int) -> int:
    if decimals > WAD_DECIMALS:
        price_wad = answer // 10 ** (decimals - WAD_DECIMALS)
        if not 0 < price_wad <= MAX_PRICE:
            raise InvalidPrice(answer)
        return int(price_wad)
    factor = int(10 ** (WAD_DECIMALS - decimals))
    if answer > MAX_PRICE // factor:
        raise InvalidPrice(answer)
    return answer * factor


class PriceFeed(Stateful):
    """A feed that answers what it was told; ``broken`` makes every read fail."""

    __slots__ = ("answer", "broken", "decimals", "updated_at")
    STATE: ClassVar[tuple[str, ...]] = ("answer", "broken", "updated_at")

    def __init__(self, decimals: int) -> None:
        self.decimals = within(decimals, 0, MAX_FEED_DECIMALS)
        self.answer = 0
        self.updated_at = 0
        self.broken = False

    def set(self, answer: int, updated_at: int) -> None:
        """Answer ``answer`` (any signed integer), given at ``updated_at`` seconds.

        Raises:
            NotAnInteger: an argument is not an ``int``.
            OutOfDomain: an argument does not fit its ABI type.
        """
        self.answer, self.updated_at = int256(answer), uint256(updated_at)

    def set_broken(self, broken: bool) -> None:
        """Make every read fail, or answer again."""
        self.broken = broken

    def read(self, timestamp: int, max_age: int) -> int:
        """Return the price at ``timestamp`` (seconds), scaled by WAD, rounded down.

        Raises:
            InvalidPrice: the feed is broken (answer 0), or the answer is not positive.
            StalePrice: never updated, updated in the future, or more than ``max_age`` seconds ago.
            InvalidPrice: the scaled price is zero or above ``MAX_PRICE``.
        """
        uint256(timestamp), uint256(max_age)
        answer, updated_at = self._latest()
        if answer <= 0:
            raise InvalidPrice(answer)
        if updated_at == 0 or updated_at > timestamp or timestamp - updated_at > max_age:
            raise StalePrice(updated_at, timestamp)
        return _scaled(answer, self.decimals)

    def usable(self, timestamp: int) -> tuple[int, int] | None:
        """Return the price (WAD, rounded down) of an answer that nothing but its age can refuse at
        ``timestamp``, and when it was given, both in seconds; None without one.
        """
        uint256(timestamp)
        answer, updated_at = self._latest()
        if answer <= 0 or not 0 < updated_at <= timestamp:
            return None
        try:
            return _scaled(answer, self.decimals), updated_at
        except InvalidPrice:
            return None

    def _latest(self) -> tuple[int, int]:
        return (0, 0) if self.broken else (self.answer, self.updated_at)

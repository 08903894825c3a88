"""What a vault and its settlement make of a feed's answer, as pure functions of what they read."""

from dataclasses import dataclass
from typing import Final

from isolated_margin.errors import InvalidPrice
from isolated_margin.price import to_price_wad

STOPS: Final = "stops"
STARTS_AGAIN: Final = "starts again"
TOO_EARLY: Final = "too early"
AT_THIS_ANSWER: Final = "settles at this answer"
AT_THE_LAST_PRICE: Final = "settles at the vault's last price"


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed's answer, read at ``now``; times are in seconds."""

    answer: int
    updated_at: int
    decimals: int
    now: int

    def is_usable(self) -> bool:
        """Return whether only its age can refuse it."""
        if self.answer <= 0 or not 0 < self.updated_at <= self.now:
            return False
        try:
            to_price_wad(self.answer, self.decimals)
        except InvalidPrice:
            return False
        return True

    def is_a_price(self, max_price_age: int) -> bool:
        """Return whether a vault trades at it."""
        return self.is_usable() and self.now - self.updated_at <= max_price_age


@dataclass(frozen=True, slots=True)
class Clock:
    """A vault's clock of settlement: when a dead feed was reported, and when the vault last used a price."""

    dead_since: int
    last_accrual: int
    max_price_age: int
    settle_after: int

    def settle_market(self, read: Reading) -> str:
        """Return what a call of ``settleMarket`` comes to while the clock runs."""
        if read.is_a_price(self.max_price_age):
            return STOPS
        if read.is_usable() and read.updated_at > self.dead_since:
            return STARTS_AGAIN
        if read.now - self.dead_since < self.settle_after:
            return TOO_EARLY
        is_newer = read.is_usable() and read.updated_at >= self.last_accrual
        return AT_THIS_ANSWER if is_newer else AT_THE_LAST_PRICE

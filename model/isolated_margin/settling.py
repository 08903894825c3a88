"""A feed that gives no price any more: how its market is settled. Source of the rules: docs/rules.md."""

from isolated_margin.applying import Applying
from isolated_margin.carry import Carry, accrue
from isolated_margin.errors import FeedAlive, SettlementTooEarly
from isolated_margin.events import FeedReported, Settled


class Settling(Applying):
    """The function that reports a feed, and settles the market of one that is silent for long enough."""

    __slots__ = ()

    def settle_market(self, caller: str) -> None:
        """Start, restart or stop the clock of a dead feed; once it has run for ``settle_after``, settle.

        Raises:
            MarketSettled: it is.
            FeedAlive: the feed has a price, and no clock runs.
            SettlementTooEarly: the clock runs, but not for long enough.
        """
        self._check_unsettled()
        timestamp, dead_since = self.clock.timestamp, self.dead_since
        usable = self.feed.usable(timestamp)
        if usable is not None and timestamp - usable[1] <= self.parameters.max_price_age:
            if not dead_since:
                raise FeedAlive
            self._report(0)
        elif not dead_since or (usable is not None and usable[1] > dead_since):
            self._report(timestamp)
        else:
            ready_at = dead_since + self.parameters.settle_after
            if timestamp < ready_at:
                raise SettlementTooEarly(ready_at, timestamp)
            self.settle(self.settlement_carry())

    def settlement_carry(self) -> Carry:
        """Return the indices, time and price with which the market would be settled now.

        Those of the feed's last answer when it can be read and is not older than the last accrual; else the
        stored ones.
        """
        book, carry = self.book, self.carry
        usable = self.feed.usable(self.clock.timestamp)
        if usable is None or usable[1] < carry.last_accrual:
            return carry
        return accrue(carry, book.long.size, book.short.size, *usable, self.parameters)

    def _report(self, dead_since: int) -> None:
        self.dead_since = dead_since
        self._emit(FeedReported(dead_since))

    def settle(self, carry: Carry) -> None:
        """Settle the market with these indices, time and price, whatever the feed says."""
        self.carry, self.is_settled, self.dead_since = carry, True, 0
        self._emit(Settled(carry.last_price, carry.last_accrual, carry.carry_long, carry.carry_short))
        self._transfer_last(0)

"""The model's market at the moment of the next action, in the questions that boundary values ask."""

from dataclasses import replace
from functools import cached_property

from isolated_margin.book import SideValue, side_values
from isolated_margin.carry import Carry, accrue, settle
from isolated_margin.errors import Refusal
from isolated_margin.exposure import fair_value
from isolated_margin.fixed import WAD
from isolated_margin.margin import EMPTY, Position, notional, pnl
from isolated_margin.market import Market
from isolated_margin.price import to_price_wad

from ringfence.vaults.isolated_margin.markets import MarketSetup


class StateView:
    """A market ``wait`` seconds from now. Carry is accrued up to then. Without a position all of it is 0."""

    def __init__(self, market: Market, setup: MarketSetup, wait: int) -> None:
        self.market, self.setup = market, setup
        self.vault, self.pool = market.vault, market.pool
        self.parameters, self.scale = market.vault.terms, market.vault.scale
        self.now = market.clock.timestamp + wait

    @property
    def answer(self) -> int:
        """Return the feed's last answer, in its own decimals, whether it can be read or not."""
        return self.market.feed.answer

    @cached_property
    def price_wad(self) -> int:
        """Return the price that the last answer means; one that means none counts as the market's first.

        Of a settled market its price, at least 1.
        """
        if self.vault.is_settled:
            return max(1, self.vault.carry.last_price)
        try:
            return to_price_wad(max(1, self.answer), self.market.feed.decimals)
        except Refusal:
            return to_price_wad(self.setup.answer, self.market.feed.decimals)

    def answer_at(self, price_wad: int) -> int:
        """Return the answer that means a price, rounded down."""
        return int(price_wad * 10**self.market.feed.decimals // WAD)

    @property
    def positions(self) -> dict[int, Position]:
        """Return the live positions as stored, by id."""
        return self.vault.positions

    @cached_property
    def carry(self) -> Carry:
        """Return the carry indices as the next accrual leaves them; those of a settled market stand."""
        book, carry = self.vault.book, self.vault.carry
        if self.vault.is_settled:
            return replace(carry, last_accrual=self.now)
        return accrue(carry, book.long.size, book.short.size, self.price_wad, self.now, self.parameters)

    def settled(self, position: int) -> Position:
        """Return a position with its carry settled."""
        stored = self.positions.get(position, EMPTY)
        return settle(stored, self.carry.index_of(stored.size), self.scale) if stored.size else EMPTY

    def size(self, position: int) -> int:
        """Return a position's signed size."""
        return self.positions.get(position, EMPTY).size

    def margin(self, position: int) -> int:
        """Return a position's margin, in assets."""
        return self.positions.get(position, EMPTY).margin

    def pnl(self, position: int) -> int:
        """Return a position's profit in assets, rounded down."""
        stored = self.positions.get(position, EMPTY)
        return pnl(stored, self.price_wad, self.carry.index_of(stored.size), self.scale)

    def notional(self, size: int) -> int:
        """Return what a size is worth in assets, rounded up."""
        return notional(size, self.price_wad, self.scale)

    def tier_of(self, size: int, price_wad: int) -> int:
        """Return the index of the tier that a size is in at a price."""
        return self.parameters.maintenance.tier_of(notional(size, price_wad, self.scale))

    def slack(self, position: int) -> int:
        """Return a position's equity less its maintenance margin, in assets."""
        required = self.parameters.maintenance_margin(self.notional(self.size(position)))
        return self.margin(position) + self.pnl(position) - required

    def wallet(self, account: str) -> int:
        """Return an account's tokens."""
        return self.market.token.balance_of(account)

    @cached_property
    def free(self) -> int:
        """Return the pool's assets that are not owed."""
        return max(0, self.pool.balance() - self.vault.total_owed)

    @cached_property
    def fair_value(self) -> int:
        """Return the providers' assets if every side paid and got what it can; may be negative."""
        return fair_value(self.sides, self.pool.balance(), self.vault.total_owed)

    @property
    def nav(self) -> int:
        """Return what the pool's shares are worth together, in assets."""
        return max(0, self.fair_value)

    @cached_property
    def sides(self) -> tuple[SideValue, SideValue]:
        """Return what longs and shorts mean for the pool."""
        return side_values(self.vault.book.as_of(self.now), self.carry, self.price_wad, self.scale)

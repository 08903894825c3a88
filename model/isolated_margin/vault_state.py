"""What a vault remembers, and what its functions and views read alike."""

from dataclasses import replace
from typing import ClassVar, Final

from isolated_margin.book import EMPTY_BOOK, Book, Round, SideValue, side_values
from isolated_margin.carry import Carry, accrue, settle
from isolated_margin.errors import InvalidPrice, NoPosition, StalePrice
from isolated_margin.exposure import Exposure, SideView, exposure, fair_value, side_view
from isolated_margin.fixed import MAX_UINT256, uint256, within
from isolated_margin.ledger import Ledger
from isolated_margin.margin import EMPTY, Position
from isolated_margin.parameters import RiskParameters
from isolated_margin.permission import NOTHING, Permission
from isolated_margin.pool import LiquidityPool
from isolated_margin.price import PriceFeed
from isolated_margin.state import Clock, Stateful
from isolated_margin.token import NOBODY, Log, Token
from isolated_margin.trade import Room

FIRST_ID: Final = 1


class ReadOnlyVault(Stateful):
    """The state of a vault and what is read from it; nothing here changes it."""

    __slots__ = (
        "_claimable",
        "_log",
        "_nonces",
        "_operators",
        "_owed",
        "book",
        "carry",
        "clock",
        "dead_since",
        "feed",
        "guardian",
        "insurance",
        "is_settled",
        "next_id",
        "owner",
        "parameters",
        "paused",
        "pending_owner",
        "pool",
        "positions",
        "scale",
        "token",
        "total_owed",
    )
    STATE: ClassVar[tuple[str, ...]] = (
        "_claimable",
        "_nonces",
        "_operators",
        "_owed",
        "book",
        "carry",
        "dead_since",
        "guardian",
        "insurance",
        "next_id",
        "owner",
        "paused",
        "pending_owner",
        "positions",
        "is_settled",
        "total_owed",
    )

    def __init__(
        self,
        parameters: RiskParameters,
        scale: int,
        owner: str,
        guardian: str,
        clock: Clock,
        feed: PriceFeed,
        token: Token,
        log: Log,
    ) -> None:
        self.parameters, self.scale = parameters, within(scale, 1, MAX_UINT256)
        self.clock, self.feed, self.token, self._log = clock, feed, token, log
        self.pool = LiquidityPool(log, token, clock, self.exposure)
        self.owner, self.pending_owner, self.guardian = owner, NOBODY, guardian
        self.positions: dict[int, Position] = {}
        self.book = replace(EMPTY_BOOK, fresh_at=clock.timestamp)
        self.carry = Carry(carry_long=0, carry_short=0, last_accrual=clock.timestamp, last_price=0)
        self.insurance = 0
        self.total_owed = 0
        self.next_id = FIRST_ID
        self.paused = False
        self.dead_since, self.is_settled = 0, False
        self._claimable: dict[str, int] = {}
        self._owed: dict[str, int] = {}
        self._operators: dict[tuple[str, str], Permission] = {}
        self._nonces: dict[str, int] = {}

    # Getters: no price, no accrual

    def position(self, position_id: int) -> Position:
        """Return the position as stored; an empty one when there is none.

        Raises:
            NotAnInteger, OutOfDomain: ``position_id`` is no ``uint256``.
        """
        return self.positions.get(uint256(position_id), EMPTY)

    def ledger(self) -> Ledger:
        """Return the totals as of the last accrual."""
        book, carry = self.book, self.carry
        return Ledger(
            book.long.size,
            book.short.size,
            book.long.quote,
            book.short.quote,
            book.long.margin,
            book.short.margin,
            book.long.basis,
            book.short.basis,
            book.long.fresh,
            book.short.fresh,
            book.fresh_at,
            carry.carry_long,
            carry.carry_short,
            carry.last_accrual,
            carry.last_price,
            self.insurance,
            self.total_owed,
            self.next_id,
            self.dead_since,
            self.paused,
            self.is_settled,
        )

    def rounds(self, is_long: bool) -> Round:
        """Return the last round of deleveraging of a side."""
        return (self.book.long if is_long else self.book.short).round

    def claimable(self, account: str) -> int:
        """Return the assets that forced closes left for the account."""
        return self._claimable.get(account, 0)

    def owed(self, account: str) -> int:
        """Return the assets of profit that the pool still owes the account."""
        return self._owed.get(account, 0)

    def operators(self, owner: str, operator: str) -> Permission:
        """Return what ``operator`` may do with the owner's positions."""
        return self._operators.get((owner, operator), NOTHING)

    def permissions(self) -> dict[tuple[str, str], Permission]:
        """Return what is remembered of every pair of an owner and an operator."""
        return {pair: permission for pair, permission in self._operators.items() if permission}

    def nonces(self, owner: str) -> int:
        """Return the nonce of the owner's next signed message."""
        return self._nonces.get(owner, 0)

    # What functions and views compute alike

    def exposure(self) -> Exposure:
        """Return the pool's exposure to the book with carry as of now.

        At the price; with a dead feed at the last accrual's. Not live while its clock runs, which the pool
        stops not.
        """
        try:
            price_wad, live = self.price_wad(), not self.dead_since
        except (InvalidPrice, StalePrice):
            price_wad, live = self.carry.last_price, False
        carry, balance = self.accrued(price_wad), self.pool.balance()
        book, terms = self.book.as_of(self.clock.timestamp), self.terms
        settled, owed = self.is_settled, self.total_owed
        return exposure(book, carry, price_wad, self.scale, terms, balance, owed, live, settled)

    @property
    def terms(self) -> RiskParameters:
        """Return the parameters that hold now: without fees in a settled market."""
        return self.parameters.without_fees() if self.is_settled else self.parameters

    def free(self) -> int:
        """Return the pool's assets that it does not owe."""
        return max(0, self.pool.balance() - self.total_owed)

    def room(self, size: int, book: Book, carry: Carry, price_wad: int) -> Room:
        """Return what there is room for on the side of a signed ``size``, beside a book at a price."""
        sides = side_values(book.as_of(self.clock.timestamp), carry, price_wad, self.scale)
        nav = max(0, fair_value(sides, self.pool.balance(), self.total_owed))
        return Room(book.side_of(size).size, nav, self.insurance, sides[int(size < 0)].gap)

    def side_values(self, price_wad: int) -> tuple[SideValue, SideValue]:
        """Return what longs and shorts mean for the pool at a price with carry as of now."""
        book = self.book.as_of(self.clock.timestamp)
        return side_values(book, self.accrued(price_wad), price_wad, self.scale)

    def sides(self, price_wad: int) -> tuple[SideView, SideView]:
        """Return the sums and values of longs and shorts at a price with carry as of now."""
        carry, values = self.accrued(price_wad), self.side_values(price_wad)
        nav = max(0, fair_value(values, self.pool.balance(), self.total_owed))
        at = nav, price_wad, self.scale, self.parameters
        return (
            side_view(self.book.long, carry.carry_long, values[0], *at),
            side_view(self.book.short, carry.carry_short, values[1], *at),
        )

    def price_wad(self) -> int:
        """Return the live price, scaled by WAD, rounded down; raises as ``PriceFeed.read``.

        In a settled market the one that it was settled at.
        """
        if self.is_settled:
            return self.carry.last_price
        return self.feed.read(self.clock.timestamp, self.parameters.max_price_age)

    def accrued(self, price_wad: int) -> Carry:
        """Return the carry indices as of now at this price; store nothing.

        The stored one itself when neither time nor price has changed and no clock of a dead feed runs; and in
        a settled market.
        """
        book, carry, timestamp = self.book, self.carry, self.clock.timestamp
        if self.is_settled:
            return carry
        if timestamp == carry.last_accrual and price_wad == carry.last_price and not self.dead_since:
            return carry
        return accrue(carry, book.long.size, book.short.size, price_wad, timestamp, self.parameters)

    def live_position(self, position_id: int) -> Position:
        """Return the position as stored.

        Raises:
            NotAnInteger, OutOfDomain: ``position_id`` is no ``uint256``.
            NoPosition: there is none.
        """
        position = self.positions.get(uint256(position_id))
        if position is None:
            raise NoPosition(position_id)
        return position

    def settled(self, position: Position, carry: Carry) -> Position:
        """Return the position with its carry up to ``carry`` moved into ``quote``."""
        return settle(position, carry.index_of(position.size), self.scale)

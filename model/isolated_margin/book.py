"""The sums over the positions of each side, and what a side means for the pool.

Source of the formulas: docs/rules.md.
"""

from dataclasses import dataclass, replace
from typing import Final

from isolated_margin.carry import Carry
from isolated_margin.fixed import MAX_INT256, ceil_div, floor_div, int256, uint256, within
from isolated_margin.margin import Position


@dataclass(frozen=True, slots=True)
class Round:
    """A round of deleveraging of a side, that began at ``round_at``, in seconds. ``cut_wad``: the part that
    each position may lose in it, WAD; ``round_keep``: the size at which it ends early.
    """

    round_at: int
    cut_wad: int
    round_keep: int

    def __post_init__(self) -> None:
        uint256(self.round_at)
        uint256(self.cut_wad)
        uint256(self.round_keep)


NO_ROUND: Final = Round(round_at=0, cut_wad=0, round_keep=0)


@dataclass(frozen=True, slots=True)
class BookSide:
    """``size``: sum of size in magnitude; ``quote``, ``margin``: sums in assets; ``basis``: sum of size in
    magnitude times carry entry; ``fresh``: the margin that came in at the book's ``fresh_at``, in assets.
    ``round``: the last one of deleveraging.
    """

    size: int
    quote: int
    margin: int
    basis: int
    fresh: int = 0
    round: Round = NO_ROUND

    def __post_init__(self) -> None:
        within(self.size, 0, MAX_INT256)
        int256(self.quote)
        uint256(self.margin)
        int256(self.basis)
        uint256(self.fresh)

    def replaced(self, old: Position, new: Position) -> "BookSide":
        """Return the sums with ``old`` taken out and ``new`` put in; an empty position adds nothing."""
        held, size = abs(old.size), abs(new.size)
        return BookSide(
            self.size + size - held,
            self.quote + new.quote - old.quote,
            self.margin + new.margin - old.margin,
            self.basis + size * new.carry_entry - held * old.carry_entry,
            self.fresh,
            self.round,
        )


EMPTY_SIDE: Final = BookSide(size=0, quote=0, margin=0, basis=0)


@dataclass(frozen=True, slots=True)
class Book:
    """Both sides of a market; ``fresh_at``: the second of the margin that is fresh."""

    long: BookSide
    short: BookSide
    fresh_at: int = 0

    def __post_init__(self) -> None:
        uint256(self.fresh_at)

    def replaced(self, old: Position, new: Position) -> "Book":
        """Return the sums with ``old`` taken out and ``new``, on the same side, put in."""
        size = old.size or new.size
        return self._with(size, self.side_of(size).replaced(old, new))

    @property
    def is_empty(self) -> bool:
        """Return whether there is no position."""
        return self.long.size == self.short.size == 0

    def side_of(self, size: int) -> BookSide:
        """Return the side that a signed ``size`` is on."""
        return self.long if int256(size) > 0 else self.short

    def sizes(self, size: int) -> tuple[int, int]:
        """Return the total sizes of the side that a signed ``size``, not zero, is on and of the other."""
        return self.side_of(size).size, self.side_of(-size).size

    def freshened(self, size: int, assets: int, timestamp: int) -> "Book":
        """Return the book where ``assets`` of margin came in on the side of a signed ``size``."""
        if uint256(assets) == 0:
            return self
        now = replace(self.as_of(timestamp), fresh_at=timestamp)
        side = now.side_of(size)
        return now._with(size, replace(side, fresh=side.fresh + assets))

    def paid_out(self, size: int, assets: int, timestamp: int) -> "Book":
        """Return the book where margin on the side of a signed ``size`` paid out ``assets``: first what came
        in at the same time.
        """
        side = self.side_of(size)
        fresh = max(0, side.fresh - uint256(assets))
        return self._with(size, replace(side, fresh=fresh)) if self.fresh_at == uint256(timestamp) else self

    def as_of(self, timestamp: int) -> "Book":
        """Return the book where margin that came in before ``timestamp`` is not fresh."""
        if self.fresh_at == uint256(timestamp) or not self.long.fresh + self.short.fresh:
            return self
        return replace(self, long=replace(self.long, fresh=0), short=replace(self.short, fresh=0))

    def deleveraged(self, size: int, its_round: Round) -> "Book":
        """Return the book where the side of a signed ``size`` is deleveraged in a round."""
        return self._with(size, replace(self.side_of(size), round=its_round))

    def _with(self, size: int, side: BookSide) -> "Book":
        return replace(self, long=side) if size > 0 else replace(self, short=side)


EMPTY_BOOK: Final = Book(EMPTY_SIDE, EMPTY_SIDE)


@dataclass(frozen=True, slots=True)
class SideValue:
    """What a side means for the pool, in assets. ``pnl``: what the pool would owe it if it closed;
    ``counted``: the margins that can pay its loss; ``gap``: the part of its loss that they can't pay.
    """

    pnl: int
    counted: int
    gap: int

    def __post_init__(self) -> None:
        int256(self.pnl)
        uint256(self.counted)
        uint256(self.gap)

    @property
    def claim(self) -> int:
        """Return what the pool would pay the side, or get from it, if the whole side closed."""
        return max(self.pnl, -self.counted)


def side_value(side: BookSide, carry_index: int, price_wad: int, scale: int, *, is_long: bool) -> SideValue:
    """Return what a side means for the pool at this price, its fresh margin that of this second.

    Value rounds down, carry owed rounds up, once over the side: so its pnl is never less than the sum of its
    positions' own, and above by less than two units for each.
    """
    size = side.size if is_long else -side.size
    carry = ceil_div(side.size * int256(carry_index) - side.basis, scale)
    pnl = floor_div(size * uint256(price_wad), scale) + side.quote - carry
    counted = max(0, side.margin - side.fresh)
    return SideValue(pnl, counted, max(0, -pnl - counted))


def side_values(book: Book, carry: Carry, price_wad: int, scale: int) -> tuple[SideValue, SideValue]:
    """Return what longs and shorts of a book as of now mean for the pool at this price, carry as given."""
    return (
        side_value(book.long, carry.carry_long, price_wad, scale, is_long=True),
        side_value(book.short, carry.carry_short, price_wad, scale, is_long=False),
    )

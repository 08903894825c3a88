"""The sums over all positions, and what the pool would owe if every one of them closed.

Source of the formulas: docs/rules.md.
"""

from dataclasses import dataclass
from typing import Final

from isolated_margin.carry import Carry
from isolated_margin.fixed import ceil_div, floor_div, int256, uint256
from isolated_margin.margin import Position


@dataclass(frozen=True, slots=True)
class Book:
    """``long_size``, ``short_size``: sums of size in magnitude; ``quote_sum``: of quote, assets;
    ``carry_basis``: of size in magnitude times carry entry.
    """

    long_size: int
    short_size: int
    quote_sum: int
    carry_basis: int

    def __post_init__(self) -> None:
        uint256(self.long_size)
        uint256(self.short_size)
        int256(self.quote_sum)
        int256(self.carry_basis)

    def replaced(self, old: Position, new: Position) -> "Book":
        """Return the sums with ``old`` taken out and ``new`` put in; an empty position adds nothing."""
        long_size, short_size = self.long_size, self.short_size
        if old.size >= 0 <= new.size:
            long_size += new.size - old.size
        else:
            short_size += old.size - new.size
        carry_out = abs(old.size) * old.carry_entry
        carry_in = abs(new.size) * new.carry_entry
        return Book(
            long_size,
            short_size,
            self.quote_sum + new.quote - old.quote,
            self.carry_basis + carry_in - carry_out,
        )

    def side_size(self, size: int) -> int:
        """Return the total size, in magnitude, of the side that a signed ``size`` is on."""
        return self.long_size if int256(size) > 0 else self.short_size

    def sizes(self, size: int) -> tuple[int, int]:
        """Return the total sizes of the side that a signed ``size``, not zero, is on and of the other."""
        return self.side_size(size), self.side_size(-size)


EMPTY_BOOK: Final = Book(long_size=0, short_size=0, quote_sum=0, carry_basis=0)


def net_trader_pnl(book: Book, carry: Carry, price_wad: int, scale: int) -> int:
    """Return in assets what the pool would owe the traders if all closed at this price.

    Value rounds down, carry owed rounds up, once over the whole book: never less than the sum of
    the positions' own pnl.
    """
    uint256(price_wad)
    value = floor_div((book.long_size - book.short_size) * price_wad, scale)
    indexed = book.long_size * carry.carry_long + book.short_size * carry.carry_short
    return value + book.quote_sum - ceil_div(indexed - book.carry_basis, scale)

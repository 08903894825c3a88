"""Who is liquidatable, by index and by checking all: ``python -m bench.liquidation_index [positions]``."""

import sys
from collections.abc import Callable, Mapping
from heapq import nlargest
from random import Random
from time import process_time
from typing import Final, NamedTuple, TypeVar

from isolated_margin.carry import settle
from isolated_margin.liquidation_index import LiquidationIndex
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import Position, equity, notional, scale_of
from rich.table import Table
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

BOOKS: Final = (10**3, 10**4, 10**5, 10**6)  # positions
MOST: Final = 1_000  # positions that a price move makes liquidatable; a tenth of a small book
CHANGES: Final = 1_000
REPEATS: Final = 5  # the median counts
PRICE_WAD: Final = 2_000 * 10**18
SCALE: Final = scale_of(STANDARD.collateral_decimals)
PARAMETERS: Final = STANDARD.parameters
CARRY: Final = PRICE_WAD // 100  # what a side owes in carry once it has accrued: a hundredth of its worth

T = TypeVar("T")


class Measures(NamedTuple):
    """What a book gave: how many positions were found at once and after carry, and milliseconds."""

    found: int
    found_later: int
    build: float
    move: float
    move_later: float
    check: float
    change: float


def table(books: tuple[int, ...] = BOOKS) -> Table:
    """Measure, check the answers, and return milliseconds by the size of the book."""
    rows = Table("positions", "found", "ms", "after carry", "ms", "checking all, ms", "times as fast")
    for title in ("build, ms", "a change, ms"):
        rows.add_column(title)
    rows.box, rows.pad_edge = None, False
    for positions in books:
        its = measured(positions)
        first, later = f"{its.found:,}", f"{its.found_later:,}"
        times = f"{its.check:,.0f}", f"{its.check / its.move:,.0f}", f"{its.build:,.0f}", f"{its.change:.4f}"
        rows.add_row(f"{positions:,}", first, f"{its.move:.1f}", later, f"{its.move_later:.1f}", *times)
    return rows


def measured(positions: int) -> Measures:
    """Measure one book: a price move, another once carry has accrued, checking all, a thousand changes."""
    held, found = book(positions), min(MOST, positions // 10)
    build, index = timed(lambda: LiquidationIndex(PARAMETERS, SCALE, held))
    move, check, first = asked(index, held, falling_to(held, found, 0), 0)
    move_later, _, later = asked(index, held, falling_to(held, found, CARRY), CARRY)
    change, _ = timed(lambda: [index.put(number, held[number]) for number in range(1, CHANGES + 1)])
    return Measures(first, later, build, move, move_later, check, change / CHANGES)


def asked(
    index: LiquidationIndex, held: Mapping[int, Position], price_wad: int, carry: int
) -> tuple[float, float, int]:
    """Return the milliseconds of the index, those of checking all, and how many both found.

    Raises:
        AssertionError: the index gave another answer than checking all.
    """
    times, answers = zip(
        *(timed(lambda: index.liquidatable(price_wad, carry, carry)) for _ in range(REPEATS)), strict=True
    )
    check, expected = timed(lambda: check_all(held, price_wad, carry))
    if any(sorted(answer) != expected for answer in answers):
        raise AssertionError(f"the index is wrong about {len(held):,} positions at {price_wad}")
    return sorted(times)[REPEATS // 2], check, len(expected)


def book(positions: int) -> dict[int, Position]:
    """Return a drawn book, opened at about one price: half of it long, leverage 2 to 10, all sizes."""
    random = Random(positions)
    drawn: dict[int, Position] = {}
    for number in range(1, positions + 1):
        size = SIZE // random.randint(2, 2_000) * random.choice((1, -1))
        entry_wad = PRICE_WAD * random.randint(900, 1_100) // 1_000
        quote = -(size * entry_wad // SCALE)
        margin = notional(size, entry_wad, SCALE) * 10 // random.randint(20, 80)
        drawn[number] = Position("trader_1", size, margin, random.randint(0, PRICE_WAD // 1_000), quote)
    return drawn


def falling_to(held: Mapping[int, Position], found: int, carry: int) -> int:
    """Return the price at which so many longs, or hardly more, are liquidatable."""
    prices = (
        liquidation_price(settle(position, carry, SCALE), SCALE, PARAMETERS)
        for position in held.values()
        if position.size > 0
    )
    return nlargest(found, prices)[-1]


def check_all(held: Mapping[int, Position], price_wad: int, carry: int) -> list[int]:
    """Return who is liquidatable by looking at everyone."""
    maintenance_margin = PARAMETERS.maintenance_margin
    return [
        number
        for number, position in held.items()
        if equity(position, price_wad, carry, SCALE)
        < maintenance_margin(notional(position.size, price_wad, SCALE))
    ]


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """Return the milliseconds of this process' time that something took, and what came of it."""
    begun = process_time()
    result = act()
    return 1_000 * (process_time() - begun), result


if __name__ == "__main__":
    from rich import print as show

    show(table(tuple(int(number) for number in sys.argv[1:]) or BOOKS))

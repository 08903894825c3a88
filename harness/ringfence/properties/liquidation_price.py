"""The liquidation price that the vault reports, against the rule itself."""

from collections.abc import Iterator
from typing import Final, cast

from ringfence.properties.abilities import Ability, AbleVault
from ringfence.properties.book import RulesBook
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, that
from ringfence.properties.registry import property_
from ringfence.types.totals import Total

MAX_PRICE: Final = 10**32
STRIDES: Final = tuple(10**power for power in range(0, 33, 2))


@property_("LIQ-2", needs={Ability.RULES, Ability.LIQUIDATION_PRICE})
def liquidation_price_is_sharp(branch: Branch) -> Claims:
    """The liquidation price is a sharp boundary: liquidatable there, safe at every better price, to the last
    unit.
    """
    book = cast(RulesBook | None, branch.book)
    # In a settled market anything is liquidatable, and no other price can be.
    is_settled = branch.state.totals.get(Total.SETTLED)
    for position, held in branch.state.positions.items() if book and not is_settled else ():
        price = cast(AbleVault, branch.vault).liquidation_price(position)
        if price and book:
            yield that(
                _is_due(book, position, price),
                f"position {position} is safe at its liquidation price {price}",
            )
        better = _better_prices(price, 1 if held.size > 0 else -1)
        due = [other for other in better if book and _is_due(book, position, other)]
        yield that(
            not due,
            f"position {position} is liquidatable at {due[:1]}, better than its liquidation price {price}",
        )


def _is_due(book: RulesBook, position: int, price_wad: int) -> bool:
    there = book.at_price(price_wad)
    return there.equity(position) < there.maintenance_margin(position)


def _better_prices(price: int, direction: int) -> Iterator[int]:
    """Yield prices better than the liquidation price, the next one first; all of them are, where there is
    none.
    """
    start = price or (0 if direction > 0 else MAX_PRICE + 1)
    for stride in STRIDES:
        if 1 <= start + direction * stride <= MAX_PRICE:
            yield start + direction * stride

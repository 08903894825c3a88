"""Actions per second of the model, with few positions and with many: ``python -m bench.model``."""

from collections.abc import Callable
from itertools import cycle, islice
from time import process_time
from typing import Final

from isolated_margin.market import Market
from rich.table import Table
from ringfence.types.roles import GUARDIAN, OWNER, POOL, TRADERS, VAULT
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD

FEW: Final = 1_000
MANY: Final = 100_000
ACTIONS: Final = 50_000
PRICE_WAD: Final = 2_000 * 10**18
MARGIN: Final = 10 * 10**6  # assets
POSITION: Final = SIZE // 50
PIECE: Final = SIZE // 10**6
TRADER: Final = TRADERS[0]


def table() -> Table:
    """Measure, and return the rates and their ratio."""
    rates = Table("model", f"{FEW:,} positions", f"{MANY:,} positions", "ratio", box=None, pad_edge=False)
    few, many = market(FEW), market(MANY)
    acts = (("add_margin", add_margin), ("decrease", decrease), ("decrease in a new block", decrease_later))
    for name, act in acts:
        first, second = (rate(each, count, act) for each, count in ((few, FEW), (many, MANY)))
        rates.add_row(f"{name} a second", f"{first:,.0f}", f"{second:,.0f}", f"{second / first:.2f}")
    return rates


def market(positions: int) -> Market:
    """Return a market with so many positions, half of them long, in a pool that backs them all."""
    its = Market(
        STANDARD.parameters,
        collateral_decimals=STANDARD.collateral_decimals,
        feed_decimals=STANDARD.feed_decimals,
        owner=OWNER,
        guardian=GUARDIAN,
        deployed_at=1,
    )
    its.feed.set(STANDARD.answer, its.clock.timestamp)
    its.token.mint(TRADER, 10**30)
    its.token.mint(POOL, 10**30)
    its.token.approve(TRADER, VAULT, INFINITE)
    for size, limit in islice(cycle(((POSITION, INFINITE), (-POSITION, 0))), positions):
        its.vault.open(TRADER, size, MARGIN, limit, INFINITE)
    its.drain_log()
    return its


def add_margin(its: Market, position: int) -> None:
    """Add one unit of margin."""
    its.vault.add_margin(TRADER, position, 1, TRADER)


def decrease(its: Market, position: int) -> None:
    """Take a little off a position at any price."""
    limit = 0 if its.vault.positions[position].size > 0 else INFINITE
    its.vault.decrease(TRADER, position, PIECE, limit, INFINITE)


def decrease_later(its: Market, position: int) -> None:
    """Take a little off a position a second after the last action, so that carry accrues."""
    its.clock.advance(1)
    its.feed.set(STANDARD.answer, its.clock.timestamp)
    decrease(its, position)


def rate(its: Market, positions: int, act: Callable[[Market, int], None]) -> float:
    """Return how often a second an action is done, round all positions; forgetting the log included."""
    ids = list(islice(cycle(range(1, positions + 1)), ACTIONS))
    begun = process_time()
    for number, position in enumerate(ids):
        act(its, position)
        if number % FEW == 0:
            its.drain_log()
    return ACTIONS / (process_time() - begun)


if __name__ == "__main__":
    from rich import print as show

    show(table())

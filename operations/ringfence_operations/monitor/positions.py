"""How every position stands at a block, by the model: the rows of the book, the ones in most danger first."""

from dataclasses import dataclass
from typing import Final

from isolated_margin import margin
from isolated_margin.carry import Carry
from isolated_margin.errors import InvalidPrice, StalePrice
from isolated_margin.fixed import PPM
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import Status
from isolated_margin.market import Market

FAR: Final = 10**12  # ppm: further than any position that has a liquidation price


@dataclass(frozen=True, slots=True)
class Row:
    """A position as of now. Money is in assets, prices are WAD, ``size`` has 18 decimals and a sign.

    ``liquidation_price_wad``: 0 if there is none. ``distance_ppm``: by how much of itself the price has to
    move until the position is liquidatable, below zero when it is so already, ``FAR`` if it never is.
    ``missing``: the margin that would make it healthy.
    """

    position: int
    owner: str
    size: int
    margin: int
    notional: int
    pnl: int
    equity: int
    maintenance_margin: int
    missing: int
    status: str
    liquidation_price_wad: int
    distance_ppm: int


def price_of(market: Market) -> tuple[int, str]:
    """Return the price to value positions at, WAD, and why it is not the feed's, if it is not.

    With a dead feed it is the last accrual's, as the pool's views have it; 0 before the first one.
    """
    try:
        return market.vault.price_wad(), ""
    except (InvalidPrice, StalePrice) as refusal:
        return market.vault.carry.last_price, f"{refusal.name}{refusal.args}"


def rows_of(market: Market) -> list[Row]:
    """Return all positions, the ones in most danger first; none while there never was a price."""
    price_wad, _ = price_of(market)
    if not price_wad:
        return []
    carry = market.vault.accrued(price_wad)
    rows = [_row(market, number, carry, price_wad) for number in market.vault.positions]
    return sorted(rows, key=lambda row: (row.distance_ppm, row.position))


def _row(market: Market, number: int, carry: Carry, price_wad: int) -> Row:
    vault = market.vault
    scale, terms = vault.scale, vault.parameters
    held = vault.settled(vault.positions[number], carry)
    its_pnl = margin.settled_pnl(held, price_wad, scale)
    its_notional = margin.notional(held.size, price_wad, scale)
    its_equity = held.margin + its_pnl
    its_status = margin.status(its_equity, its_notional, terms, is_settled=vault.is_settled)
    threshold = 0 if vault.is_settled else liquidation_price(held, scale, terms)
    return Row(
        position=number,
        owner=held.owner,
        size=held.size,
        margin=held.margin,
        notional=its_notional,
        pnl=its_pnl,
        equity=its_equity,
        maintenance_margin=terms.maintenance_margin(its_notional),
        missing=max(0, terms.target(its_notional) - its_equity),
        status=its_status.name.lower().replace("_", " "),
        liquidation_price_wad=threshold,
        distance_ppm=_distance(held.size, price_wad, threshold, its_status),
    )


def _distance(size: int, price_wad: int, threshold: int, status: Status) -> int:
    if not threshold:
        return FAR
    away = price_wad - threshold if size > 0 else threshold - price_wad
    distance = away * PPM // price_wad
    return min(distance, -1) if status <= Status.LIQUIDATABLE else max(distance, 0)

"""No pure function takes a float, a bool or a number out of its domain, and answers anyway."""

from collections.abc import Callable
from typing import Any

import pytest
from isolated_margin import (
    arguments,
    carry,
    deleverage,
    exposure,
    liquidation,
    margin,
    price,
    share_price,
    trade,
)
from isolated_margin.book import Book
from isolated_margin.carry import Carry
from isolated_margin.errors import NotAnInteger, OutOfDomain
from isolated_margin.exposure import Exposure
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import Position
from isolated_margin.price import PriceFeed
from isolated_margin.trade import Room
from worlds import PARAMETERS, UNIT, WAD

SCALE = 10**30
LONG = Position("trader_1", UNIT, 300, 0, -2_000)
CARRY = Carry(0, 0, 100, WAD)
QUIET = Exposure(live=True, net_trader_pnl=0, total_owed=0, reserved=0, deleveraging=False)

WORDS: dict[str, Callable[[Any], object]] = {
    "accrue at a time": lambda bad: carry.accrue(CARRY, 0, 0, WAD, bad, PARAMETERS),
    "book": lambda bad: Book(bad, 0, 0, 0),
    "carry": lambda bad: Carry(0, 0, bad, 0),
    "check of an amount": arguments.check_amount,
    "check of a maximum": arguments.check_maximum,
    "deleveraging of free": lambda bad: exposure.is_deleveraging(0, bad, PARAMETERS),
    "exposure": lambda bad: Exposure(True, 0, bad, 0, False),
    "feed": PriceFeed,
    "in nav": lambda bad: share_price.in_nav(bad, QUIET),
    "insurance": lambda bad: liquidation.liquidate(LONG, WAD, SCALE, PARAMETERS, 0, bad),
    "margin of an opening": lambda bad: arguments.check_opening(1, bad),
    "out nav": lambda bad: share_price.out_nav(bad, QUIET),
    "pool balance": lambda bad: trade.realise(LONG, 1, WAD, SCALE, bad),
    "price": lambda bad: price.to_price_wad(bad, 8),
    "price's decimals": lambda bad: price.to_price_wad(1, bad),
    "redeemable": lambda bad: share_price.max_redeem(bad, 0, 0, QUIET),
    "room": lambda bad: Room(0, bad, 0),
    "scale": margin.scale_of,
    "size to realise": lambda bad: trade.realise(LONG, bad, WAD, SCALE, 0),
    "supply": lambda bad: share_price.max_deposit(0, bad, QUIET),
    "unreserved": lambda bad: share_price.available(bad, QUIET),
}
SIGNED: dict[str, Callable[[Any], object]] = {
    "adl score": lambda bad: deleverage.adl_score(bad, 0, 0),
    "deleveraging of profit": lambda bad: exposure.is_deleveraging(bad, 0, PARAMETERS),
    "liquidation price": lambda bad: liquidation_price(LONG, bad, PARAMETERS),
    "notional": lambda bad: margin.notional(UNIT, bad, SCALE),
    "opening": lambda bad: arguments.check_opening(bad, 0),
    "profit to realise": lambda bad: deleverage.profit_to_realise(bad, 0, PARAMETERS),
    "status": lambda bad: margin.status(bad, 0, PARAMETERS),
}


@pytest.mark.parametrize("bad", [1.0, 0.5, True, None])
@pytest.mark.parametrize("name", [*WORDS, *SIGNED])
def test_function__of_no_integer__is_rejected(name: str, bad: Any) -> None:
    """Whatever it computes."""
    with pytest.raises((NotAnInteger, TypeError)):
        (WORDS | SIGNED)[name](bad)


@pytest.mark.parametrize("bad", [-1, 2**256])
@pytest.mark.parametrize("name", WORDS)
def test_function__of_no_word__is_rejected(name: str, bad: int) -> None:
    """Below nothing, or above what a word holds."""
    with pytest.raises(OutOfDomain):
        WORDS[name](bad)


@pytest.mark.parametrize("size", [0, UNIT + 1])
def test_realise__of_what_the_position_does_not_hold__is_rejected(size: int) -> None:
    """Nothing, or more than there is."""
    with pytest.raises(OutOfDomain, match=str(size)):
        trade.realise(LONG, size, WAD, SCALE, 0)

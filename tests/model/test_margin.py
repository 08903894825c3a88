"""What a position is worth, rounded against the trader."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin import margin
from isolated_margin.errors import NotAnInteger, OutOfDomain
from isolated_margin.margin import EMPTY, Position, Status

from tests.model.worlds import PARAMETERS, TOKEN, UNIT, WAD, thorough

SCALE = 10**30


@thorough
@given(
    st.integers(-(10**33), 10**33),
    st.integers(0, 2**127 - 1),
    st.integers(-(10**37), 10**37),
    st.integers(-(10**37), 10**37),
    st.integers(-(10**47), 10**47),
    st.integers(1, 10**32),
    st.sampled_from([10**18, 10**30, 10**36]),
)
def test_value__of_any_position__rounds_against_the_trader(
    size: int, collateral: int, entry: int, index: int, quote: int, price_wad: int, scale: int
) -> None:
    """Notional and carry owed round up, pnl and with it equity round down, once for each term."""
    position = Position("trader_1", size, collateral, entry, quote)
    owed = ceil(Fraction(abs(size) * (index - entry), scale))
    pnl = floor(Fraction(size * price_wad, scale)) + quote - owed

    assert margin.notional(size, price_wad, scale) == ceil(Fraction(abs(size) * price_wad, scale))
    assert margin.carry_owed(position, index, scale) == owed
    assert margin.pnl(position, price_wad, index, scale) == pnl
    assert margin.equity(position, price_wad, index, scale) == collateral + pnl
    assert margin.guarded_equity(position, price_wad, index, scale) == collateral + min(pnl, 0)
    assert margin.settled_pnl(position, price_wad, scale) == pnl + owed
    assert margin.settled_equity(position, price_wad, scale) == collateral + pnl + owed


@pytest.mark.parametrize(
    ("equity", "status"),
    [
        (-1, Status.BANKRUPT),
        (0, Status.LIQUIDATABLE),
        (50 * TOKEN - 1, Status.LIQUIDATABLE),
        (50 * TOKEN, Status.MARGIN_CALL),
        (55 * TOKEN - 1, Status.MARGIN_CALL),
        (55 * TOKEN, Status.HEALTHY),
    ],
)
def test_status__at_each_limit__is_the_better_one(equity: int, status: Status) -> None:
    """Exactly nothing is not bankrupt, exactly maintenance is not liquidatable, the target is healthy."""
    assert margin.status(equity, 1_000 * TOKEN, PARAMETERS) is status


def test_status__orders_from_worst_to_best() -> None:
    """The enum's numbers are the ABI's."""
    assert [int(status) for status in Status] == [0, 1, 2, 3]
    assert Status.BANKRUPT < Status.LIQUIDATABLE < Status.MARGIN_CALL < Status.HEALTHY


@pytest.mark.parametrize(("decimals", "scale"), [(0, 10**36), (6, 10**30), (18, 10**18)])
def test_scale__makes_one_unit_at_one_token_one_token(decimals: int, scale: int) -> None:
    """One base asset at a price of one is one whole token, whatever its decimals."""
    assert margin.scale_of(decimals) == scale
    assert margin.notional(UNIT, WAD, scale) == 10**decimals


@pytest.mark.parametrize("field", ["size", "margin", "carry_entry", "quote"])
@pytest.mark.parametrize("bad", [1.0, True, "1"])
def test_position__of_no_integers__is_rejected(field: str, bad: Any) -> None:
    """Each number by name."""
    numbers: dict[str, Any] = {"size": 1, "margin": 1, "carry_entry": 1, "quote": 1, field: bad}
    with pytest.raises(NotAnInteger):
        Position(owner="trader_1", **numbers)


@pytest.mark.parametrize(
    ("field", "beyond"),
    [("size", 2**127), ("size", -(2**127)), ("margin", -1), ("margin", 2**128), ("carry_entry", 2**127)],
)
def test_position__beyond_its_words__is_rejected(field: str, beyond: int) -> None:
    """One more than the ABI's type, in magnitude, holds."""
    numbers = {"size": 1, "margin": 1, "carry_entry": 1, "quote": 1, field: beyond}
    with pytest.raises(OutOfDomain, match=str(beyond)):
        Position(owner="trader_1", **numbers)


def test_empty__is_all_zero() -> None:
    """What the ABI returns for no position."""
    assert Position("", 0, 0, 0, 0) == EMPTY


def test_position__of_no_margin__is_rejected_for_what_is_wrong() -> None:
    """Nothing at all is a margin; the number that no word holds is the one that is named."""
    with pytest.raises(OutOfDomain, match=str(2**127)):
        Position(owner="trader_1", size=0, margin=0, carry_entry=2**127, quote=0)
    with pytest.raises(OutOfDomain, match=str(2**255)):
        Position(
            owner="trader_1", size=-(2**127) + 1, margin=2**128 - 1, carry_entry=-(2**127) + 1, quote=2**255
        )


def test_scale__of_37_decimals__is_rejected() -> None:
    """One asset would be less than a size of one at a price of one."""
    assert margin.scale_of(36) == 1
    with pytest.raises(OutOfDomain, match="37"):
        margin.scale_of(37)

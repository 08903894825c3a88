"""What a position is worth, rounded against the trader."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin import margin
from isolated_margin.errors import OutOfDomain
from isolated_margin.fixed import MAX_INT256
from isolated_margin.margin import Position, Status

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
    assert [int(status) for status in Status] == [0, 1, 2, 3]
    assert Status.BANKRUPT < Status.LIQUIDATABLE < Status.MARGIN_CALL < Status.HEALTHY


@pytest.mark.parametrize(("decimals", "scale"), [(0, 10**36), (6, 10**30), (18, 10**18)])
def test_scale__makes_one_unit_at_one_token_one_token(decimals: int, scale: int) -> None:
    assert margin.scale_of(decimals) == scale
    assert margin.notional(UNIT, WAD, scale) == 10**decimals


def test_scale__of_37_decimals__is_rejected() -> None:
    assert margin.scale_of(36) == 1
    with pytest.raises(OutOfDomain, match="37"):
        margin.scale_of(37)


@pytest.mark.parametrize("name", ["size", "margin", "carry_entry", "quote", "rate_bp"])
def test_position__at_the_ends_of_a_type__is_one_and_beyond_is_none(name: str) -> None:
    """Of 128 bits, of 256 for the quote; a rate is at most all of the notional."""
    ends = {"margin": (0, 2**128 - 1), "quote": (-MAX_INT256, MAX_INT256), "rate_bp": (0, 10_000)}
    lowest, highest = ends.get(name, (-(2**127) + 1, 2**127 - 1))
    fields = {"size": 1, "margin": 1, "carry_entry": 1, "quote": 1, "rate_bp": 1}
    for value in (lowest, highest):
        assert getattr(Position("owner", **fields | {name: value}), name) == value
    for value in (lowest - 1, highest + 1):
        with pytest.raises(OutOfDomain, match=str(value)):
            Position("owner", **fields | {name: value})

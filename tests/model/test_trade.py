"""Trading never profits by itself: not by splitting, not by rounding, not by adding."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st
from isolated_margin.errors import Bankrupt, Liquidatable, PositionTooSmall, Refusal
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.margin import Position, settled_equity, settled_pnl
from isolated_margin.trade import (
    Room,
    check_stays,
    cost,
    decrease,
    increase,
    insurance_part,
    realise,
    trading_fee,
)

from tests.model.worlds import PARAMETERS, WAD, must_refuse, thorough

SCALE = 10**18
FEELESS = replace(PARAMETERS, trading_fee_ppm=0, min_notional=1)
ROOMY = Room(open_interest=0, nav=MAX_ASSETS, insurance=0)

magnitudes = st.integers(1, 10**6)
signs = st.sampled_from([1, -1])
prices = st.integers(1, 10**20)
quotes = st.integers(-(10**9), 10**9)
margins = st.integers(0, 10**9)
balances = st.one_of(st.just(0), st.just(10**30), st.integers(0, 10**9))


@st.composite
def splits(draw: st.DrawFn) -> tuple[int, list[int]]:
    """Draw a size and parts that add up to it."""
    parts = draw(st.lists(magnitudes, min_size=1, max_size=6))
    return sum(parts), parts


@thorough
@given(splits(), signs, prices, quotes, margins, balances)
def test_realise__in_any_parts__realises_at_most_what_all_at_once_does(
    split: tuple[int, list[int]], sign: int, price_wad: int, quote: int, margin: int, balance: int
) -> None:
    """VAL-3: parts round down one by one; what is not realised yet stays in quote, nothing is lost."""
    size, parts = split
    whole = Position("trader_1", sign * size, margin, 0, quote)
    _, at_once = realise(whole, size, price_wad, SCALE, 10**30)
    left, total = whole, 0
    for part in parts:
        left, fill = realise(left, part, price_wad, SCALE, 10**30)
        total += fill.realised
    assert at_once.realised == settled_pnl(whole, price_wad, SCALE)
    assert at_once.realised - len(parts) < total <= at_once.realised
    assert (left.size, left.quote) == (0, 0)


@thorough
@given(magnitudes, magnitudes, signs, prices, quotes, margins, balances)
def test_realise__of_any_part__moves_every_unit_it_names(
    size: int, more: int, sign: int, price_wad: int, quote: int, margin: int, balance: int
) -> None:
    """Profit is paid, kept in quote or owed; loss is paid or a deficit; equity loses one unit at most."""
    for held in (size, size + more):
        before = Position("trader_1", sign * held, margin, 5, quote)
        after, fill = realise(before, size, price_wad, SCALE, balance)
        assert fill.size_closed == size
        assert abs(after.size) == held - size
        assert fill.paid <= (balance if fill.realised >= 0 else margin)
        sign_paid = 1 if fill.realised >= 0 else -1
        assert after.margin == margin + sign_paid * fill.paid
        equity_lost = settled_equity(before, price_wad, SCALE) - settled_equity(after, price_wad, SCALE)
        assert 0 <= equity_lost - fill.owed + fill.deficit <= 1
        assert fill.owed == 0 or held == size
        assert fill.deficit == 0 or after.margin == 0
        assert fill.owed == 0 or fill.deficit == 0


@thorough
@given(splits(), signs, prices, st.integers(10**9, 10**10))
def test_open_then_close__at_one_price__never_profits(
    split: tuple[int, list[int]], sign: int, price_wad: int, margin: int
) -> None:
    """VAL-1: without a fee even, whole or in parts, what comes back is at most what went in."""
    size, parts = split
    nothing = Position("trader_1", 0, 0, 0, 0)
    left, _, _ = increase(nothing, sign * size, margin, price_wad, SCALE, FEELESS, ROOMY)
    for part in parts[:-1]:
        left, _ = realise(left, part, price_wad, SCALE, 10**30)
    left, moved = decrease(left, parts[-1], price_wad, SCALE, FEELESS, 10**30)
    assert moved.payout + moved.fill.owed <= margin


@thorough
@given(magnitudes, magnitudes, signs, prices, quotes)
def test_increase__at_the_mark__costs_by_rounding_only(
    size: int, more: int, sign: int, price_wad: int, quote: int
) -> None:
    """VAL-2: pnl falls by nothing or one or two units, and never rises."""
    before = Position("trader_1", sign * size, 10**9, 0, quote)
    bought = Position("trader_1", sign * (size + more), 10**9, 0, quote - cost(sign * more, price_wad, SCALE))
    assert 0 <= settled_pnl(before, price_wad, SCALE) - settled_pnl(bought, price_wad, SCALE) <= 2


def close_all(position: Position, parts: list[int], price_wad: int, balance: int) -> tuple[int, int]:
    """Decrease by these parts, the pool paying and earning as it goes; return payout and owed."""
    loose = replace(PARAMETERS, min_notional=1, trading_fee_ppm=3_000)
    payout = owed = 0
    for part in parts:
        position, moved = decrease(position, part, price_wad, SCALE, loose, balance)
        balance += moved.pool_fee - moved.fill.paid * (1 if moved.fill.realised >= 0 else -1)
        payout, owed = payout + moved.payout, owed + moved.fill.owed
    return payout, owed


@thorough
@given(splits(), signs, prices, quotes, margins, balances)
def test_decrease__in_parts__pays_and_owes_at_most_what_all_at_once_does(
    split: tuple[int, list[int]], sign: int, price_wad: int, quote: int, margin: int, balance: int
) -> None:
    """VAL-3: with fees, and a pool that runs dry and fills up on the way."""
    size, parts = split
    whole = Position("trader_1", sign * size, margin, 0, quote)
    assume(settled_equity(whole, price_wad, SCALE) >= 0)
    at_once = close_all(whole, [size], price_wad, balance)
    try:
        in_parts = close_all(whole, parts, price_wad, balance)
    except Refusal:
        return
    assert sum(in_parts) <= sum(at_once)


@thorough
@given(magnitudes, signs, prices, quotes, margins, balances)
def test_decrease__of_everything__works_exactly_when_equity_is_not_negative(
    size: int, sign: int, price_wad: int, quote: int, margin: int, balance: int
) -> None:
    """EXI-1: and yields at least margin or equity, whichever is less, but for the fee."""
    position = Position("trader_1", sign * size, margin, 0, quote)
    equity = settled_equity(position, price_wad, SCALE)
    if equity < 0:
        must_refuse(Bankrupt(equity), decrease, position, size, price_wad, SCALE, PARAMETERS, balance)
        return

    left, moved = decrease(position, size, price_wad, SCALE, PARAMETERS, balance)
    fee = moved.pool_fee + moved.insurance_fee
    assert left.size == 0
    assert fee <= trading_fee(size, price_wad, SCALE, PARAMETERS)
    assert moved.insurance_fee == insurance_part(fee, PARAMETERS)
    assert moved.payout >= min(margin, equity) - fee
    assert moved.payout + moved.fill.owed + fee == equity


@thorough
@given(magnitudes, st.integers(0, 10**6), signs, prices, quotes, st.integers(0, 10**6))
def test_realise__of_a_part_while_equity_is_not_negative__has_no_deficit(
    size: int, more: int, sign: int, price_wad: int, quote: int, equity: int
) -> None:
    """A part loses its share of the loss and less than one unit of rounding: margin can bear that."""
    without = Position("trader_1", sign * (size + more), 0, 0, quote)
    margin = max(0, equity - settled_pnl(without, price_wad, SCALE))
    _, fill = realise(replace(without, margin=margin), size, price_wad, SCALE, 10**30)
    assert fill.deficit == 0


def test_check_stays__at_both_limits__lets_it_be() -> None:
    smallest = PARAMETERS.min_notional
    required = PARAMETERS.maintenance_margin(smallest)

    def left(size: int, equity: int) -> Position:
        return Position("trader_1", size, margin=equity, carry_entry=0, quote=-size)

    check_stays(left(smallest, required), WAD, SCALE, PARAMETERS)
    for size, equity, expected in (
        (smallest - 1, required, PositionTooSmall(smallest - 1, smallest)),
        (smallest, required - 1, Liquidatable(required - 1, required)),
    ):
        must_refuse(expected, check_stays, left(size, equity), WAD, SCALE, PARAMETERS)

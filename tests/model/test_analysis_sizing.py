"""The largest size that a margin opens, against trying every size."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from isolated_margin import trade
from isolated_margin.errors import Refusal
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.margin import Position
from isolated_margin.parameters import Tier
from isolated_margin.sizing import largest_size
from isolated_margin.trade import Room

from tests.model.worlds import PARAMETERS, thorough

EVERY_SIZE = range(1, 400)
SMALL = replace(
    PARAMETERS,
    tiers=(Tier(0, 100_000, 50_000), Tier(40, 400_000, 100_000)),
    trading_fee_ppm=30_000,
    insurance_share_ppm=500_000,
    min_notional=5,
    max_open_interest=EVERY_SIZE[-1],
)
NOTHING = Position("trader_1", 0, 0, 0, 0)


@thorough
@given(
    assets=st.integers(0, 60),
    price_wad=st.integers(1, 30),
    scale=st.sampled_from([1, 7, 10, 12, 100]),
    side=st.sampled_from([1, -1]),
    open_interest=st.integers(0, 300),
    free=st.integers(0, 500),
    insurance_room=st.integers(0, 5),
    scale_ppm=st.sampled_from([0, 1, 300_000, 10**6]),
)
def test_largest_size__of_any_margin__is_the_largest_that_opens(
    assets: int,
    price_wad: int,
    scale: int,
    side: int,
    open_interest: int,
    free: int,
    insurance_room: int,
    scale_ppm: int,
) -> None:
    terms = replace(SMALL, oi_scale_ppm=scale_ppm)
    room = Room(open_interest, free, MAX_ASSETS - insurance_room)

    def opens(size: int) -> bool:
        try:
            trade.increase(NOTHING, side * size, assets, price_wad, scale, terms, room)
        except Refusal:
            return False
        return True

    expected = max(filter(opens, EVERY_SIZE), default=0)
    assert largest_size(assets, price_wad, scale, terms, room) == expected

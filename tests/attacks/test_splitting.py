"""A trader against the tiers: who splits a large position into small ones, each of the first tier."""

import pytest
from ringfence.types.outcome import Refused
from ringfence.types.roles import TRADERS
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import AuditedMarket
from tests.attacks.page import is_tabled
from tests.sequences import USD, long

TRADER = TRADERS[0]
WHOLE = 1_960  # base, worth 3,920,000 at 2,000
PARTS = 40  # worth 98,000 each, below the second tier
AT_ONCE, SPLIT = 680_960, 246_470  # asked where margin grows with open interest by 10 %
SCALED_AT_ONCE, SCALED_SPLIT = 770_280, 418_313  # and by 20 %


def opened(market: AuditedMarket, size: int) -> int:
    """Open a long of N base with the least margin that is accepted, fee included; return that margin."""
    fee = size * 2_000 * USD * 500 // 10**6
    refused = market.act(long(TRADER, size * SIZE, fee))
    assert isinstance(refused, Refused)
    assert refused.error == "BelowInitialMargin"
    guarded, required = refused.args
    assert guarded == 0
    assert isinstance(required, int)
    margin = fee + required
    assert market.act(long(TRADER, size * SIZE, margin - 1)) == Refused(
        "BelowInitialMargin", (required - 1, required)
    )
    market.done(long(TRADER, size * SIZE, margin))
    return margin


@pytest.mark.property("MAR-1")
@pytest.mark.parametrize(
    ("scale_ppm", "at_once", "split"),
    [(0, 680_960, 197_960), (100_000, AT_ONCE, SPLIT), (200_000, SCALED_AT_ONCE, SCALED_SPLIT)],
)
def test_split_position__of_a_whole_side__is_asked_for_its_open_interest(
    scale_ppm: int, at_once: int, split: int
) -> None:
    """Edition 1, and a scale of 0, asked 680,960 of it at once, and 197,960 of forty that are it together."""
    assert opened(AuditedMarket(oi_scale_ppm=scale_ppm), WHOLE) == at_once * USD
    market = AuditedMarket(oi_scale_ppm=scale_ppm)
    assert sum(opened(market, WHOLE // PARTS) for _ in range(PARTS)) == split * USD


def test_figures__of_a_split_position__are_tabled() -> None:
    assert is_tabled("Split a position", 10, 20, AT_ONCE, SPLIT, SCALED_AT_ONCE, SCALED_SPLIT)

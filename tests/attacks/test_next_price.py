"""A trader or a provider who knows the feed's next price: what fees leave of it."""

from typing import Final

import pytest
from ringfence.types.roles import OWNER, TRADERS
from ringfence.vaults.isolated_margin.actions import Close, Deposit, SetPrice
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import LEAVING, TERMS, AuditedMarket
from tests.attacks.page import is_reported, is_tabled
from tests.sequences import ANSWER, NO_DEADLINE, NO_LIMIT_SELLING, USD, long

PPM: Final = 10**6
FEED_PPM: Final = 5_000  # how far a price may be from the feed's last answer: 0.5 %
NAV: Final = 1_000_000
PARTS: Final = 10  # that a side's notional is opened in


def risen(ppm: int) -> SetPrice:
    """Return the action that sets the price that much above 2,000."""
    return SetPrice(OWNER, 2_000 * ANSWER * (PPM + ppm) // PPM, 0)


@pytest.mark.property("VAL-1")
@pytest.mark.parametrize("deviation", [0, 500, 1_000, 1_001, 2_000, FEED_PPM])
def test_trader__who_knows_the_next_price__gains_what_two_fees_leave(deviation: int) -> None:
    """The gain is notional * (deviation - fee * (2 + deviation)): none up to twice the fee."""
    market = AuditedMarket()
    before = market.tokens(TRADERS[0])
    market.done(
        long(TRADERS[0], 49 * SIZE, 4_949 * USD),
        risen(deviation),
        Close(TRADERS[0], 1, NO_LIMIT_SELLING, NO_DEADLINE),
    )
    fee = TERMS.trading_fee_ppm
    gain = 98_000 * (deviation * PPM - fee * (2 * PPM + deviation)) // PPM
    assert market.tokens(TRADERS[0]) - before == gain
    assert (gain > 0) == (deviation > 2 * fee)
    assert deviation < FEED_PPM or is_reported("**The next price.**", gain // USD, 98_000)


def worth_after(provider: int, notional: int, fee: int, *, leaves: bool) -> int:
    """Return what a provider's shares are worth after longs win 0.5 %, while it is away or not."""
    market = AuditedMarket(leaving=provider, liquidity_fee_ppm=fee)
    part = notional // PARTS
    for _ in range(PARTS):
        market.done(long(TRADERS[0], part * SIZE // 2_000, part * USD * 6 // 100))
    if not leaves:
        market.done(risen(FEED_PPM))
        return market.worth(LEAVING)
    before = market.tokens(LEAVING)
    market.leave(LEAVING)
    market.done(risen(FEED_PPM), Deposit(LEAVING, market.tokens(LEAVING) - before, LEAVING))
    return market.worth(LEAVING)


@pytest.mark.property("LPS-1")
@pytest.mark.parametrize("provider", [10_000, 500_000])
@pytest.mark.parametrize("notional", [200_000, 980_000])
@pytest.mark.parametrize("fee", [0, 1_000, 2_500, 5_000])
def test_provider__who_knows_the_next_price__gains_what_the_fees_leave(
    provider: int, notional: int, fee: int
) -> None:
    """The gain is its assets * (deviation * notional / nav - fee * (2 - share)): its share of the fee for
    coming in is its own again. At a fee as large as the deviation times the skew nobody gains.
    """
    gain = worth_after(provider, notional, fee, leaves=True) - worth_after(
        provider, notional, fee, leaves=False
    )
    lost = FEED_PPM * notional / NAV
    expected = provider * (lost - fee * (2 - provider / NAV)) / PPM
    assert abs(gain - expected) <= 3 + provider // 100_000
    assert gain <= 0 or fee < lost


def test_figures__of_half_a_pool_that_knows_the_next_price__are_tabled() -> None:
    """Twice 0.25 % is more than the 0.49 % that the longs win, and half of the pool gains all the same."""
    half = worth_after(500_000, 980_000, 2_500, leaves=True) - worth_after(
        500_000, 980_000, 2_500, leaves=False
    )
    small = worth_after(10_000, 980_000, 2_500, leaves=True) - worth_after(
        10_000, 980_000, 2_500, leaves=False
    )
    assert (half, small) == (575, -1)
    assert is_tabled("Leave before a known price, and come back", half)

"""Providers against providers: who comes or goes at a price that trading or bad debt has moved."""

import pytest
from ringfence.types.outcome import Refused
from ringfence.types.roles import LIQUIDATORS, TRADERS
from ringfence.vaults.isolated_margin.actions import Close, Deposit, Liquidate, TransferShares
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import LEAVING, STAYING, AuditedMarket
from tests.attacks.page import is_tabled
from tests.sequences import NO_DEADLINE, NO_LIMIT_SELLING, USD, at_price, long, short

LOSER, WINNER = TRADERS[:2]
PARTS = 10  # below the second tier each, so that all of them need 5 %
ENTERED, LEFT = 99_999, 50_996
BEFORE_CLOSING, AFTER_CLOSING = 118_849, 118_942
AFTER_A_GAP = 304_392


@pytest.mark.property("LPS-2")
def test_deposit__beside_a_loss_that_traders_have__is_worth_what_was_brought() -> None:
    """Edition 1 priced entries without the loss and exits with it: 100,000 were worth 85,447 at once."""
    market = AuditedMarket()
    market.done(long(LOSER, 1_250 * SIZE, 600_000 * USD), at_price(1_850))
    market.done(Deposit(LEAVING, 100_000 * USD, LEAVING))
    assert market.worth(LEAVING) == ENTERED
    assert is_tabled("Deposit while traders lose", ENTERED)


@pytest.mark.property("LPS-2")
def test_three_leavers__beside_a_loss_that_traders_have__get_their_part_of_it() -> None:
    """Edition 1 priced exits without the loss: they got 38,138, and what they left became who stayed's."""
    leavers = (LEAVING, *LIQUIDATORS)
    market = AuditedMarket(leaving=38_100)
    third = market.shares(LEAVING) // len(leavers)
    market.done(*(TransferShares(LEAVING, leaver, third) for leaver in LIQUIDATORS))
    market.done(long(LOSER, 1_250 * SIZE, 600_000 * USD), at_price(1_730))
    before, staying = market.tokens(*leavers), market.worth(STAYING)
    assert [market.leave(leaver) for leaver in leavers] == [LEFT // 3] * len(leavers)
    assert (market.tokens(*leavers) - before) // USD == LEFT
    assert market.worth(STAYING) == staying
    assert is_tabled("Have three leave while traders lose", LEFT)


@pytest.mark.property("LPS-2")
def test_closing_a_loser__at_an_unmoved_price__earns_a_provider_its_fee_alone() -> None:
    """Edition 1: the shares of a provider of 100,000 rose from 100,099 to 118,942 when the loser closed."""
    market = AuditedMarket(leaving=100_000)
    market.done(long(LOSER, 1_250 * SIZE, 600_000 * USD), at_price(1_850))
    before = market.worth(LEAVING)
    market.done(Close(LOSER, 1, NO_LIMIT_SELLING, NO_DEADLINE))
    fee = 1_250 * 1_850 * 500 * 8 // 10**7  # of the pool, a tenth of it the provider's
    assert (before, market.worth(LEAVING)) == (BEFORE_CLOSING, AFTER_CLOSING)
    assert AFTER_CLOSING in (BEFORE_CLOSING + fee // 10, BEFORE_CLOSING + fee // 10 + 1)
    assert is_tabled("Close one's loser to raise a share's price", BEFORE_CLOSING, AFTER_CLOSING)


def gap_of_45_percent() -> AuditedMarket:
    """Return the market with 980,000 on each side, at 1,100: the longs owe 392,000 that they don't have."""
    market = AuditedMarket(leaving=500_000)
    for _ in range(PARTS):
        market.done(long(LOSER, 49 * SIZE, 4_949 * USD), short(WINNER, 49 * SIZE, 4_949 * USD))
    market.done(at_price(1_100))
    return market


def liquidate_longs(market: AuditedMarket) -> None:
    """Liquidate all that can't pay."""
    market.done(*(Liquidate(LIQUIDATORS[0], 1 + 2 * number) for number in range(PARTS)))


@pytest.mark.property("LPS-3")
def test_insider__who_leaves_before_bad_debt_is_liquidated__bears_it_like_who_stays() -> None:
    """Edition 1 counted it as an asset: the insider left with 500,392, and who stayed had 108,392."""
    market = gap_of_45_percent()
    left = market.leave(LEAVING)
    liquidate_longs(market)
    assert left == market.worth(STAYING) == AFTER_A_GAP
    assert is_tabled("Leave before bad debt is liquidated", AFTER_A_GAP)


@pytest.mark.property("LPS-4")
def test_deposit__beside_bad_debt__is_refused_until_it_is_liquidated() -> None:
    market = gap_of_45_percent()
    refused = market.act(Deposit(LEAVING, USD, LEAVING))
    assert refused == Refused("ERC4626ExceededMaxDeposit", (LEAVING, USD, 0))
    liquidate_longs(market)
    market.done(Deposit(LEAVING, USD, LEAVING))

"""A feed that is retired, which froze everything for ever: everybody gets out after a settlement."""

from typing import Final

import pytest
from ringfence.types.actions import Action
from ringfence.types.outcome import Refused
from ringfence.types.roles import OPERATOR, OWNER, POOL, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    BreakFeed,
    Claim,
    Close,
    Deposit,
    Liquidate,
    Redeem,
    RemoveMargin,
    SetOperator,
    SettleMarket,
)
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import LEAVING, STAYING, TERMS, AuditedMarket
from tests.attacks.page import is_tabled
from tests.sequences import NO_DEADLINE, NO_LIMIT_SELLING, USD, at_price, long, short

LONG, SHORT = 1, 2
SETTLE: Final = SettleMarket(STRANGER)
WAIT: Final = SetOperator(STRANGER, OPERATOR, 0, 0)  # changes nothing that is looked at
CLOSE: Final = Close(TRADERS[0], LONG, NO_LIMIT_SELLING, NO_DEADLINE)
DAYS, WINNER, LOSER, PROVIDED = 7, 50_000, 10_000, 495_060


def retired(*, can_be_read: bool) -> AuditedMarket:
    """Return the market with a long of 200,000 and a short of 100,000, whose feed said 2,200 at last."""
    market = AuditedMarket(leaving=500_000)
    market.done(
        long(TRADERS[0], 100 * SIZE, 30_100 * USD),
        short(TRADERS[1], 50 * SIZE, 20_050 * USD),
        at_price(2_200),
        *(() if can_be_read else (BreakFeed(OWNER, True),)),
    )
    market.act(WAIT, TERMS.max_price_age)
    return market


def settle(market: AuditedMarket) -> None:
    """Report the feed, and settle as soon as that may be."""
    market.done(SETTLE)
    refused = market.act(SETTLE, TERMS.settle_after - 1)
    assert isinstance(refused, Refused)
    assert refused.error == "SettlementTooEarly"
    market.done(SETTLE)


def redeem_all(market: AuditedMarket, provider: str) -> Redeem:
    """Return the action by which a provider leaves with all that it may."""
    shares = market.ask(POOL, "maxRedeem", provider)
    assert isinstance(shares, int)
    return Redeem(provider, shares, provider, provider)


@pytest.mark.property("EXI-3")
@pytest.mark.parametrize("frozen", [CLOSE, RemoveMargin(TRADERS[0], LONG, USD), Liquidate(STRANGER, SHORT)])
def test_retired_feed__before_a_settlement__freezes_positions_and_liquidity(frozen: Action) -> None:
    """Which edition 1 did for ever."""
    market = retired(can_be_read=True)
    refused = market.act(frozen)
    assert isinstance(refused, Refused)
    assert refused.error == "StalePrice"
    assert market.ask(POOL, "maxRedeem", LEAVING) == 0


@pytest.mark.property("EXI-3")
@pytest.mark.parametrize(
    ("can_be_read", "winner", "loser", "provided"),
    [(True, WINNER, LOSER, PROVIDED), (False, 30_000, 20_000, 500_060)],
)
def test_retired_feed__after_a_settlement__lets_everybody_out(
    *, can_be_read: bool, winner: int, loser: int, provided: int
) -> None:
    """At its last answer, if that can be read, or else at the last price that the vault used: 2,000."""
    market = retired(can_be_read=can_be_read)
    settle(market)
    before = {who: market.tokens(who) for who in (*TRADERS[:2], LEAVING, STAYING)}
    market.done(CLOSE)
    assert market.ask(POOL, "maxRedeem", LEAVING) == 0
    market.done(Liquidate(STRANGER, SHORT), Claim(TRADERS[1], TRADERS[1]))
    market.done(redeem_all(market, LEAVING))
    market.done(redeem_all(market, STAYING))
    assert [market.tokens(who) - held for who, held in before.items()] == [
        winner * USD,
        loser * USD,
        pytest.approx(provided * USD, abs=2),
        pytest.approx(provided * USD, abs=2),
    ]
    totals = market.observe().totals
    assert totals["pool_tokens"] <= 2  # roundings
    assert totals["vault_tokens"] == totals["insurance"] == 30 * USD  # a fifth of the fees of opening


@pytest.mark.property("SET-1")
def test_two_outages__which_the_pool_would_add_up__are_seen_before_anybody_enters() -> None:
    """A second outage settles at a price from before the first one: nobody buys shares at a later one."""
    market = retired(can_be_read=False)
    market.done(SETTLE, BreakFeed(OWNER, False), at_price(2_100))
    refused = market.act(Deposit(STAYING, USD, STAYING))
    assert isinstance(refused, Refused)
    assert refused.error == "ERC4626ExceededMaxDeposit"
    market.done(SETTLE, Deposit(STAYING, USD, STAYING))
    refused = market.act(SETTLE)
    assert isinstance(refused, Refused)
    assert refused.error == "FeedAlive"


def test_figures__of_a_retired_feed__are_tabled() -> None:
    days = TERMS.settle_after // 86_400
    assert days == DAYS
    assert is_tabled("Wait for a retired feed", DAYS, WINNER, LOSER, PROVIDED)

"""Trader, provider, liquidator and deleverager in one hand, at one price, against all others."""

from collections.abc import Callable
from typing import Final

import pytest
from ringfence.types.outcome import Done
from ringfence.types.roles import TRADERS
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Close,
    Decrease,
    Deleverage,
    Deposit,
    Increase,
    Liquidate,
    RemoveMargin,
)
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import LEAVING, AuditedMarket
from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, NO_LIMIT_SELLING, USD, at_price, long, short

HAND: Final = LEAVING  # one account is enough: anyone may do anything
WINNERS, LOSER = (1, 2, 3), 4

Act = Callable[[AuditedMarket], int]


def market_to_attack() -> AuditedMarket:
    """Return a market whose longs are due for deleveraging, with a liquidatable short, at one price."""
    market = AuditedMarket(leaving=100_000)
    for trader, size, margin in zip(TRADERS, (1_000, 600, 300), (500_000, 600_000, 90_000), strict=True):
        market.done(long(trader, size * SIZE, margin * USD))
    market.done(short(TRADERS[0], 10 * SIZE, 5_100 * USD), at_price(2_450))
    return market


def work(market: AuditedMarket) -> int:
    """Liquidate one of the others and deleverage the rest, as long as that is due; return the rewards."""
    before = market.tokens(HAND)
    market.done(Liquidate(HAND, LOSER), Deleverage(HAND, WINNERS[0]))
    for winner in WINNERS[1:]:
        outcome = market.act(Deleverage(HAND, winner))
        assert isinstance(outcome, Done) or outcome.error == "DeleverageNotNeeded"
    return market.tokens(HAND) - before


def trade(market: AuditedMarket) -> int:
    """Open, move margin in and out, trade back and forth and close; return no reward."""
    own = market.done(short(HAND, 40 * SIZE, 20_000 * USD))
    market.done(
        AddMargin(HAND, own, 50_000 * USD, HAND),
        Increase(HAND, own, 5 * SIZE, 0, NO_LIMIT_SELLING, NO_DEADLINE),
        RemoveMargin(HAND, own, 50_000 * USD),
        Decrease(HAND, own, 20 * SIZE, NO_LIMIT_BUYING, NO_DEADLINE),
        Close(HAND, own, NO_LIMIT_BUYING, NO_DEADLINE),
    )
    return 0


def provide(market: AuditedMarket) -> int:
    """Bring liquidity that counts from now on; return no reward."""
    market.done(Deposit(HAND, 400_000 * USD, HAND))
    return 0


@pytest.mark.property("VAL-4")
@pytest.mark.parametrize(
    "acts", [(work,), (trade, work), (work, trade, provide), (trade, work, provide, trade)]
)
def test_one_hand__at_one_price__gains_no_more_than_its_rewards(acts: tuple[Act, ...]) -> None:
    market = market_to_attack()
    before = market.tokens(HAND) + market.worth(HAND) * USD
    rewards = sum(act(market) for act in acts)
    gain = market.tokens(HAND) + market.worth(HAND) * USD - before
    assert rewards > 0
    assert gain <= rewards

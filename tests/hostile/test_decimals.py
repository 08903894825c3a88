"""Tokens of 0, 6, 8 and 18 decimals, feeds of 0, 8, 18 and 36: vault and model agree through a whole life."""

from dataclasses import replace

import pytest
from isolated_margin.parameters import Tier
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, Step
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin import actions, start
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD, MarketSetup

from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, NO_LIMIT_SELLING

PRICE, FALLEN = 2_000, 1_905  # whole tokens per whole base asset


def market(collateral_decimals: int, feed_decimals: int) -> MarketSetup:
    """Return the standard market, its amounts in a token of other decimals."""
    token = 10**collateral_decimals
    parameters = replace(
        STANDARD.parameters,
        tiers=(Tier(0, 50_000, 25_000), Tier(100_000 * token, 100_000, 50_000)),
        min_notional=40_000 * token,  # of whole tokens, the least that needs 1,000 units of margin
    )
    return replace(
        STANDARD,
        name=f"{collateral_decimals} and {feed_decimals} decimals",
        parameters=parameters,
        collateral_decimals=collateral_decimals,
        feed_decimals=feed_decimals,
        answer=PRICE * 10**feed_decimals,
        tokens=10_000_000 * token,
        liquidity=1_000_000 * token,
        insurance=5_000 * token,
    )


def life(token: int, answer: int) -> list[Action]:
    """Return what happens, in units of a whole token and a feed's answer of 1."""
    return [
        actions.Open(TRADERS[0], 100 * SIZE, 16_000 * token, NO_LIMIT_BUYING, NO_DEADLINE),
        actions.Open(TRADERS[1], -75 * SIZE, 20_000 * token, NO_LIMIT_SELLING, NO_DEADLINE),
        actions.Increase(TRADERS[1], 2, SIZE // 3, 0, NO_LIMIT_SELLING, NO_DEADLINE),
        actions.AddMargin(TRADERS[0], 1, token, TRADERS[0]),
        actions.RemoveMargin(TRADERS[0], 1, 3 * token),
        actions.Deposit(PROVIDERS[1], 1_234 * token, PROVIDERS[1]),
        actions.SetPrice(OWNER, FALLEN * answer, 0),
        actions.Liquidate(LIQUIDATORS[0], 1),
        actions.Decrease(TRADERS[1], 2, SIZE * 2 // 3, NO_LIMIT_BUYING, NO_DEADLINE),
        actions.Close(TRADERS[1], 2, NO_LIMIT_BUYING, NO_DEADLINE),
        actions.Withdraw(PROVIDERS[1], 1_000 * token, PROVIDERS[1], PROVIDERS[1]),
    ]


@pytest.mark.parametrize("feed_decimals", [0, 8, 18, 36])
@pytest.mark.parametrize("collateral_decimals", [0, 6, 8, 18])
def test_decimals__of_token_and_feed__leave_no_difference_to_the_model(
    collateral_decimals: int, feed_decimals: int
) -> None:
    setup = market(collateral_decimals, feed_decimals)
    compared = start(RevmChain(), setup)
    for action in life(10**collateral_decimals, 10**feed_decimals):
        outcome = compared.do(Step(action, 7))
        assert isinstance(outcome, Done), f"{action}: {outcome}"


SCALED = [  # feed decimals, answer, whether it is a price: above 0 and at most 1e32 WAD, rounded down
    (0, 10**14, True),
    (0, 10**14 + 1, False),
    (8, 10**22 + 1, False),
    (18, 10**32, True),
    (18, 10**32 + 1, False),
    (18, 1, True),
    (36, 10**18, True),
    (36, 10**18 - 1, False),
    (36, 10**50 + 10**18 - 1, True),
    (36, 10**50 + 10**18, False),
]


@pytest.mark.parametrize(("feed_decimals", "answer", "is_price"), SCALED)
def test_answer__scaled_to_the_edge_of_the_domain__is_a_price_or_not(
    feed_decimals: int, answer: int, is_price: bool
) -> None:
    compared = start(RevmChain(), market(6, feed_decimals))
    compared.do(Step(actions.SetPrice(OWNER, answer, 0), 1))
    outcome = compared.do(Step(actions.Open(TRADERS[0], SIZE, 1, NO_LIMIT_BUYING, NO_DEADLINE), 1))
    assert isinstance(outcome, Refused)  # the margin is none, but the price comes first
    assert (outcome != Refused("InvalidPrice", (answer,))) == is_price

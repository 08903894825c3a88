"""Every market can be deployed, starts alike on both sides, and stays inside the domain."""

import pytest
from isolated_margin.fixed import MAX_ASSETS
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import CallSequence, Step
from ringfence.types.roles import LIQUIDATORS, OPERATOR, OWNER, PROVIDERS, STRANGER, TRADERS
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.actions import (
    Close,
    Deposit,
    Liquidate,
    Open,
    SetOperator,
    SetPrice,
    TransferShares,
)
from ringfence.vaults.isolated_margin.markets import INFINITE, MARKETS, MarketSetup
from ringfence.vaults.isolated_margin.questions import Questions

LONG, SHORT = TRADERS[:2]
markets = pytest.mark.parametrize("setup", MARKETS, ids=lambda setup: setup.name)


def program(setup: MarketSetup) -> CallSequence:
    """Return a few steps of any market: margins of 1/1000 of an account's tokens, at half the leverage."""
    margin = setup.tokens // 1_000
    price = setup.answer * 10**18 // 10**setup.feed_decimals
    lever = 10**6 // (2 * setup.parameters.tiers[-1].initial_rate_ppm) or 1
    size = margin * lever * 10 ** (36 - setup.collateral_decimals) // price
    return tuple(
        Step(action, seconds)
        for action, seconds in [
            (Open(LONG, size, margin, INFINITE, INFINITE), 1),
            (Open(SHORT, -size // 2, margin, 0, INFINITE), 0),
            (Open(LONG, -size // 3, margin, 0, INFINITE), 1),
            (SetOperator(LONG, OPERATOR, 7, 2**40), 0),
            (Deposit(PROVIDERS[1], setup.liquidity // 10, PROVIDERS[1]), 1),
            (TransferShares(PROVIDERS[1], STRANGER, 5), 1),
            (SetPrice(OWNER, setup.answer * 9 // 10, 0), 60),
            (Liquidate(LIQUIDATORS[0], 1), 0),
            (Close(SHORT, 2, INFINITE, INFINITE), 0),
        ]
    )


@markets
def test_supply__of_every_market__is_inside_the_domain(setup: MarketSetup) -> None:
    assert setup.tokens * len(setup.funded) <= MAX_ASSETS


@markets
def test_observe__at_the_start_and_after_every_step__is_what_the_getters_say(setup: MarketSetup) -> None:
    """Reading storage is a shortcut, never a second truth."""
    compared = start(RevmChain(), setup)
    assert compared.state.totals["pool_tokens"] == setup.liquidity
    assert compared.state.totals["insurance"] == setup.insurance
    for step in program(setup):
        compared.do(step)
        asked = Questions(compared.vault.workspace)
        assert list(asked.stored_differences(compared.reference.market)) == []
    assert compared.state.totals["next_id"] > 1

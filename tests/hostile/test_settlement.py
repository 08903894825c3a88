"""A feed that is dead in whatever way is settled, and nobody can make a living one look dead."""

from typing import Final

import pytest
from eth_utils.abi import function_signature_to_4byte_selector
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import FEED, LIQUIDATORS, OWNER, PROVIDERS, STRANGER, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import (
    BreakFeed,
    Decrease,
    Deleverage,
    FundInsurance,
    Increase,
    Liquidate,
    Open,
    Redeem,
    RemoveMargin,
    SettleMarket,
)
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

from tests.hostile.moves import refused_whole
from tests.hostile.test_feeds import BAD, market_at, turn
from tests.open_market import OpenMarket
from tests.sequences import SEQUENCES

AFTER: Final = STANDARD.parameters.settle_after
SETTLE: Final = SettleMarket(STRANGER)
FEED_GAS: Final = 500_000
NEWER: Final = ("is from the future",)  # it gets older, and starts the clock again


@pytest.mark.parametrize("bad", [name for name in BAD if name not in NEWER])
def test_bad_feed__that_stays_so__is_settled_and_left_by_everybody(bad: str) -> None:
    market = market_at("both sides")
    turn(market, BAD[bad][0])
    assert isinstance(market.act(SETTLE), Done)
    ready = market.chain.timestamp + AFTER
    assert market.act(SETTLE, AFTER - 1) == Refused("SettlementTooEarly", (ready, ready - 1))
    assert isinstance(market.act(SETTLE), Done)
    assert market.act(SETTLE) == Refused("MarketSettled", ())
    for position in tuple(market.observe().positions):
        assert isinstance(market.act(Liquidate(LIQUIDATORS[0], position)), Done)
    shares = market.observe().accounts[PROVIDERS[0]].shares
    assert isinstance(market.act(Redeem(PROVIDERS[0], shares, PROVIDERS[0], PROVIDERS[0])), Done)


def test_living_feed__starved_of_gas__is_not_taken_for_a_dead_one() -> None:
    """A call that can't pass on what a feed may need ends in InsufficientGas, or out of gas."""
    market = OpenMarket()
    chain = market.chain
    assert isinstance(chain, RevmChain)
    vault, data = market.contracts[VAULT], function_signature_to_4byte_selector("settleMarket()")
    ends = set[str]()
    for gas in range(FEED_GAS // 2, 2 * FEED_GAS, 5_003):
        mark = chain.snapshot()
        with pytest.raises(RuntimeError) as failure:
            chain.evm.message_call(market.book.text(STRANGER), vault, data, 0, gas)
        chain.restore(mark)
        ends.add(str(failure.value))
    names = {
        name: function_signature_to_4byte_selector(f"{name}()").hex()
        for name in ("FeedAlive", "InsufficientGas")
    }
    found = {name for name, selector in names.items() if any(selector in end for end in ends)}
    assert found == set(names)
    assert market.observe().totals["dead_since"] == 0


def test_feed__that_is_read_for_a_settlement__is_given_500_000_gas() -> None:
    """The feed answers with the gas that it is given, less 2 for asking, of the second of its placing."""
    market = OpenMarket()
    assert isinstance(market.chain, RevmChain)
    of_then = market.chain.timestamp.to_bytes(4).hex()
    answers_its_gas = bytes.fromhex(f"5a602052 63{of_then}606052 60a06000f3")
    market.chain.place(market.contracts[FEED], answers_its_gas)
    assert isinstance(market.act(SETTLE, STANDARD.parameters.max_price_age + 1), Done)
    assert isinstance(market.act(SETTLE, AFTER), Done)
    answer = market.observe().totals["last_price"] // 10 ** (18 - STANDARD.feed_decimals)
    assert answer == FEED_GAS - 2


@pytest.mark.parametrize(
    "action",
    [
        Open(TRADERS[0], 0, 0, 0, 0),
        Increase(TRADERS[0], 1, 0, 0, 0, 0),
        Decrease(TRADERS[0], 1, SIZE, 0, 0),
        RemoveMargin(TRADERS[0], 1, 0),
        Deleverage(STRANGER, 1),
        FundInsurance(OWNER, 0),
        SETTLE,
    ],
    ids=lambda action: action.name,
)
def test_settled_market__refuses_new_risk__before_it_looks_at_what_is_asked(action: Action) -> None:
    market = OpenMarket()
    market.run(SEQUENCES["both sides"])
    market.act(BreakFeed(OWNER, True))
    for seconds in (1, AFTER):
        assert isinstance(market.act(SETTLE, seconds), Done)
    assert refused_whole(market, action) == Refused("MarketSettled", ())

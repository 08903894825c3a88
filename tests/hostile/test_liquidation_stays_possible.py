"""LIQ-1 under hostile tokens: only vault, pool and the liquidator need to be able to move the token."""

from typing import Final

import pytest
from ringfence.evm.artifacts import load
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, POOL, STRANGER, TOKEN, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import Claim, Liquidate
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.hostile.moves import CLOSE, refused_whole
from tests.open_market import OpenMarket
from tests.sequences import LONG, NO_DEADLINE, NO_LIMIT_BUYING, NO_LIMIT_SELLING, SEQUENCES, USD, at_price

pytestmark = pytest.mark.property("LIQ-1")

TRADER = TRADERS[0]
PRICES: Final = {"in part": 1_930, "whole": 1_905, "with a deficit": 1_000}


def market_with(token: str) -> OpenMarket:
    """Return the market with a long and a short of a token that behaves so far."""
    market = OpenMarket(token=token)
    market.run(SEQUENCES["both sides"])
    return market


def blacklist(market: OpenMarket, *accounts: str) -> None:
    """Put accounts on the token's list."""
    for account in accounts:
        market.do(OWNER, TOKEN, "blacklist", account, True)


@pytest.mark.parametrize("price", PRICES.values(), ids=PRICES)
def test_liquidate__owner_is_blacklisted__happens_as_if_not(price: int) -> None:
    outcomes = []
    for listed in (STRANGER, TRADER):
        market = market_with("BlacklistToken")
        blacklist(market, listed)
        market.act(at_price(price))
        outcomes.append((market.act(Liquidate(LIQUIDATORS[0], LONG)), market.observe()))
    ordinary, blacklisted = outcomes
    assert isinstance(ordinary[0], Done)
    assert blacklisted == ordinary


def test_close__owner_is_blacklisted__is_refused_whole_and_a_claim_goes_elsewhere() -> None:
    market = OpenMarket(token="BlacklistToken")
    market.run(SEQUENCES["claimable"])
    blacklist(market, TRADERS[2], TRADER)
    before = market.observe()
    for action in (CLOSE, Claim(TRADERS[2], TRADERS[2])):
        assert refused_whole(market, action).error == "Blacklisted"
    assert isinstance(market.act(Claim(TRADERS[2], STRANGER)), Done)
    assert market.observe().accounts[STRANGER].tokens == before.accounts[TRADERS[2]].claimable > 0


def test_liquidate__owner_contract_refuses_tokens__happens() -> None:
    market = OpenMarket(token="HookToken")
    owner = market.place(load("RefusingOwner"))
    market.do(OWNER, TOKEN, "mint", owner, 2_000 * USD)
    for target, payload in (
        (TOKEN, market.calldata(TOKEN, "approve", VAULT, 2_000 * USD)),
        (TOKEN, market.calldata(TOKEN, "register")),
        (VAULT, market.calldata(VAULT, "open", SIZE, 110 * USD, NO_LIMIT_BUYING, NO_DEADLINE)),
        (VAULT, market.calldata(VAULT, "open", 6 * SIZE // 1000, 620_000, NO_LIMIT_BUYING, NO_DEADLINE)),
    ):
        market.do(STRANGER, owner, "execute", target, payload)
    closing = market.calldata(VAULT, "close", 1, NO_LIMIT_SELLING, NO_DEADLINE)
    closed = market.send(STRANGER, owner, "execute", VAULT, closing)
    market.act(at_price(1_935))

    in_part = market.act(Liquidate(LIQUIDATORS[0], 1))
    whole = market.act(Liquidate(LIQUIDATORS[0], 2))

    assert isinstance(closed, Refused)
    assert closed.error == "NoTokensPlease"
    assert isinstance(in_part, Done)
    assert isinstance(whole, Done)
    assert market.ask(VAULT, "claimable", owner) > 0


@pytest.mark.parametrize("price", PRICES.values(), ids=PRICES)
def test_liquidate__liquidator_is_blacklisted__another_one_succeeds(price: int) -> None:
    market = market_with("BlacklistToken")
    blacklist(market, LIQUIDATORS[0])
    market.act(at_price(price))
    wealth = market.observe().accounts[LIQUIDATORS[1]].tokens
    first = refused_whole(market, Liquidate(LIQUIDATORS[0], LONG))
    second = market.act(Liquidate(LIQUIDATORS[1], LONG), seconds=0)
    assert first == Refused("Blacklisted", (LIQUIDATORS[0],))
    assert isinstance(second, Done)
    assert market.observe().accounts[LIQUIDATORS[1]].tokens > wealth


@pytest.mark.parametrize(
    ("token", "switch", "refusal"),
    [
        ("BlacklistToken", ("blacklist", VAULT), Refused("Blacklisted", (VAULT,))),
        ("BlacklistToken", ("blacklist", POOL), Refused("Blacklisted", (POOL,))),
        ("PausableToken", ("turn",), Refused("TokenPaused", ())),
    ],
    ids=["vault blacklisted", "pool blacklisted", "token paused"],
)
def test_liquidate__while_the_token_does_not_move__is_refused_whole_until_it_does(
    token: str, switch: tuple[str, ...], refusal: Refused
) -> None:
    market = market_with(token)
    market.act(at_price(PRICES["in part"]))
    market.do(OWNER, TOKEN, *switch, True)
    assert refused_whole(market, Liquidate(LIQUIDATORS[0], LONG)) == refusal
    market.do(OWNER, TOKEN, *switch, False)
    assert isinstance(market.act(Liquidate(LIQUIDATORS[0], LONG)), Done)

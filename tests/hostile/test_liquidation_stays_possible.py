"""LIQ-1 under hostile tokens: only vault, pool and the liquidator need to be able to move the token."""

from typing import Final

import pytest
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, POOL, STRANGER, TOKEN, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import Claim, Close, Liquidate
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD
from ringfence.vaults.isolated_margin.stage import Stage, with_token
from ringfence.vaults.isolated_margin.stories import (
    LONG,
    NO_DEADLINE,
    NO_LIMIT_BUYING,
    NO_LIMIT_SELLING,
    STORIES,
    USD,
    at_price,
)

pytestmark = pytest.mark.property("LIQ-1")

TRADER = TRADERS[0]
PRICES: Final = {"in part": 1_930, "whole": 1_905, "with a deficit": 1_000}


def stage_with(token: str) -> Stage:
    """Return the market with a long and a short of a token that behaves so far."""
    stage = Stage(RevmChain(), STANDARD, with_token(token))
    stage.run(STORIES["both sides"])
    return stage


def blacklist(stage: Stage, *accounts: str) -> None:
    """Put accounts on the token's list."""
    for account in accounts:
        assert isinstance(stage.do(OWNER, TOKEN, "blacklist", account, True), Done)


@pytest.mark.parametrize("price", PRICES.values(), ids=PRICES)
def test_liquidate__owner_is_blacklisted__happens_as_if_not(price: int) -> None:
    """Whether the owner can receive tokens makes no difference to a liquidation."""
    outcomes = []
    for listed in (STRANGER, TRADER):
        stage = stage_with("BlacklistToken")
        blacklist(stage, listed)
        stage.act(at_price(price))
        outcomes.append((stage.act(Liquidate(LIQUIDATORS[0], LONG)), stage.observe()))
    ordinary, blacklisted = outcomes
    assert isinstance(ordinary[0], Done)
    assert blacklisted == ordinary


def test_close__owner_is_blacklisted__is_refused_whole_and_a_claim_goes_elsewhere() -> None:
    """A blacklisted owner can't be paid, loses nothing, and can claim to another account."""
    stage = Stage(RevmChain(), STANDARD, with_token("BlacklistToken"))
    stage.run(STORIES["claimable"])
    blacklist(stage, TRADERS[2], TRADER)
    before = stage.observe()

    closed = stage.act(Close(TRADER, LONG, NO_LIMIT_SELLING, NO_DEADLINE))
    claimed = stage.act(Claim(TRADERS[2], TRADERS[2]))
    assert [refused.error for refused in (closed, claimed) if isinstance(refused, Refused)] == [
        "Blacklisted"
    ] * 2
    assert stage.observe() == before

    assert isinstance(stage.act(Claim(TRADERS[2], STRANGER)), Done)
    assert stage.observe().accounts[STRANGER].tokens == before.accounts[TRADERS[2]].claimable > 0


def test_liquidate__owner_contract_refuses_tokens__happens() -> None:
    """An owner whose contract refuses every token can't close, and can't stop its liquidation either."""
    stage = Stage(RevmChain(), STANDARD, with_token("HookToken"))
    owner = stage.place("RefusingOwner")
    stage.do(OWNER, TOKEN, "mint", owner, 2_000 * USD)
    for target, payload in (
        (TOKEN, stage.calldata(TOKEN, "approve", VAULT, 2_000 * USD)),
        (TOKEN, stage.calldata(TOKEN, "register")),
        (VAULT, stage.calldata(VAULT, "open", SIZE, 110 * USD, NO_LIMIT_BUYING, NO_DEADLINE)),
        (VAULT, stage.calldata(VAULT, "open", 6 * SIZE // 1000, 620_000, NO_LIMIT_BUYING, NO_DEADLINE)),
    ):
        assert isinstance(stage.do(STRANGER, owner, "execute", target, payload), Done)
    closing = stage.calldata(VAULT, "close", 1, NO_LIMIT_SELLING, NO_DEADLINE)
    closed = stage.do(STRANGER, owner, "execute", VAULT, closing)
    stage.act(at_price(1_935))

    in_part = stage.act(Liquidate(LIQUIDATORS[0], 1))
    whole = stage.act(Liquidate(LIQUIDATORS[0], 2))

    assert isinstance(closed, Refused)
    assert closed.error == "NoTokensPlease"
    assert isinstance(in_part, Done)
    assert isinstance(whole, Done)
    assert stage.ask(VAULT, "claimable", owner) > 0


@pytest.mark.parametrize("price", PRICES.values(), ids=PRICES)
def test_liquidate__liquidator_is_blacklisted__another_one_succeeds(price: int) -> None:
    """A liquidator who can't be rewarded is refused whole; the next one is rewarded."""
    stage = stage_with("BlacklistToken")
    blacklist(stage, LIQUIDATORS[0])
    stage.act(at_price(price))
    before = stage.observe()

    first = stage.act(Liquidate(LIQUIDATORS[0], LONG))
    unchanged = stage.observe()
    second = stage.act(Liquidate(LIQUIDATORS[1], LONG), seconds=0)

    assert first == Refused("Blacklisted", (LIQUIDATORS[0],))
    assert unchanged == before
    assert isinstance(second, Done)
    assert stage.observe().accounts[LIQUIDATORS[1]].tokens > before.accounts[LIQUIDATORS[1]].tokens


@pytest.mark.parametrize("stuck", [VAULT, POOL])
def test_liquidate__vault_or_pool_is_blacklisted__is_refused_whole_until_it_is_not(stuck: str) -> None:
    """While the token can't move between vault and pool, nothing is liquidated and nothing is lost."""
    stage = stage_with("BlacklistToken")
    stage.act(at_price(PRICES["in part"]))
    blacklist(stage, stuck)
    before = stage.observe()

    refused = stage.act(Liquidate(LIQUIDATORS[0], LONG))
    unchanged = stage.observe()
    stage.do(OWNER, TOKEN, "blacklist", stuck, False)

    assert refused == Refused("Blacklisted", (stuck,))
    assert unchanged == before
    assert isinstance(stage.act(Liquidate(LIQUIDATORS[0], LONG)), Done)


def test_liquidate__token_is_paused__is_refused_whole_and_happens_afterwards() -> None:
    """A paused token delays a liquidation; it loses nothing by it."""
    stage = stage_with("PausableToken")
    stage.act(at_price(PRICES["in part"]))
    stage.do(OWNER, TOKEN, "turn", True)
    before = stage.observe()

    refused = stage.act(Liquidate(LIQUIDATORS[0], LONG))
    unchanged = stage.observe()
    stage.do(OWNER, TOKEN, "turn", False)

    assert refused == Refused("TokenPaused", ())
    assert unchanged == before
    assert isinstance(stage.act(Liquidate(LIQUIDATORS[0], LONG)), Done)

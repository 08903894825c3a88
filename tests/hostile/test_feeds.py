"""EXI-2 and the price errors: a bad feed stops what needs a price, by name, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from eth_abi import encode
from ringfence.evm.artifacts import load
from ringfence.evm.signing import Flaw
from ringfence.types.actions import Action
from ringfence.types.outcome import Done
from ringfence.types.roles import (
    FEED,
    GUARDIAN,
    LIQUIDATORS,
    OPERATOR,
    OWNER,
    POOL,
    STRANGER,
    TOKEN,
    TRADERS,
    VAULT,
)
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

from tests.hostile.moves import MOVES, PROVIDER, TRADER, refused_whole
from tests.open_market import OpenMarket
from tests.sequences import ANSWER, LONG, NO_DEADLINE, SEQUENCES, SHORT, USD, long

PRICE: Final = 2_000 * ANSWER
AGE: Final = STANDARD.parameters.max_price_age
ROUND: Final = ("uint256", "int256", "uint256", "uint256", "uint256")


def answering(
    answer: int, updated_at: Callable[[int], int], length: int = 160
) -> Callable[[OpenMarket], str]:
    """Return what places a feed whose answer is a function of the next block's time."""

    def place(market: OpenMarket) -> str:
        now = market.chain.timestamp + 2  # the block in which the vault's feed turns to it
        words = encode(ROUND, (1, answer, 0, updated_at(now), 1))
        return market.place(load("AnswersBytes"), words[:length] + bytes(max(0, length - len(words))))

    return place


def fresh(now: int) -> int:
    """Return a time that is as good as can be."""
    return now


BAD: Final[dict[str, tuple[Callable[[OpenMarket], str], str, int | None]]] = {
    "reverts": (lambda market: market.place(load("AlwaysReverts")), "InvalidPrice", 0),
    "burns its gas": (lambda market: market.place(load("BurnsGas")), "InvalidPrice", 0),
    "has no code": (lambda market: market.book.text(STRANGER), "InvalidPrice", 0),
    "answers 159 bytes": (answering(PRICE, fresh, 159), "InvalidPrice", 0),
    "answers zero": (answering(0, fresh), "InvalidPrice", 0),
    "answers minus one": (answering(-1, fresh), "InvalidPrice", -1),
    "answers the least number": (answering(-(2**255), fresh), "InvalidPrice", -(2**255)),
    "answers above the domain": (answering(10**22 + 1, fresh), "InvalidPrice", 10**22 + 1),
    "answers the greatest number": (answering(2**255 - 1, fresh), "InvalidPrice", 2**255 - 1),
    "has no time": (answering(PRICE, lambda now: 0), "StalePrice", 0),
    "is a second too old": (answering(PRICE, lambda now: now - AGE - 1), "StalePrice", None),
    "is from the future": (answering(PRICE, lambda now: now + 1), "StalePrice", None),
    "is from the end of time": (answering(PRICE, lambda now: 2**256 - 1), "StalePrice", 2**256 - 1),
}
GOOD: Final = {
    "the oldest allowed": answering(PRICE, lambda now: now - AGE),
    "the highest price": answering(10**22, fresh),
    "the lowest price": answering(1, fresh),
    "more than it should": answering(PRICE, fresh, 10_000),
}
NEEDS_A_PRICE: Final[tuple[Action, ...]] = (
    *(MOVES[VAULT, name][1] for name in ("open", "openWithPermit", "increase", "decrease", "close")),
    *(MOVES[VAULT, name][1] for name in ("removeMargin", "liquidate")),
    actions.Deleverage(LIQUIDATORS[0], SHORT),
)
NEEDS_NONE: Final[tuple[Action, ...]] = (
    actions.AddMargin(STRANGER, LONG, USD, TRADERS[0]),
    actions.Claim(TRADERS[2], TRADERS[2]),
    actions.CollectOwed(STRANGER, TRADERS[2]),
    actions.FundInsurance(OWNER, USD),
    actions.SetOperator(TRADER, OPERATOR, 0, 0),
    actions.SetOperatorWithSig(STRANGER, TRADER, OPERATOR, 7, 2**40, 2, NO_DEADLINE, TRADER, Flaw.NONE),
    actions.Pause(GUARDIAN),
    actions.Unpause(OWNER),
    actions.SetGuardian(OWNER, STRANGER),
    actions.TransferShares(PROVIDER, STRANGER, 1),
    actions.Approve(PROVIDER, POOL, STRANGER, 1),
)
CONVERSIONS: Final = (
    *("convertToShares", "convertToAssets"),
    *("previewDeposit", "previewMint", "previewWithdraw", "previewRedeem"),
)
OF_THE_POOL: Final = {
    "ERC4626ExceededMaxDeposit": actions.Deposit(PROVIDER, USD, PROVIDER),
    "ERC4626ExceededMaxMint": actions.Mint(PROVIDER, USD, PROVIDER),
    "ERC4626ExceededMaxWithdraw": actions.Withdraw(PROVIDER, 1, PROVIDER, PROVIDER),
    "ERC4626ExceededMaxRedeem": actions.Redeem(PROVIDER, 1, PROVIDER, PROVIDER),
}


def market_at(name: str) -> OpenMarket:
    """Return the market after a call sequence, with a feed that is good so far."""
    turncoat, honest = load("TurncoatFeed"), load("MockPriceFeed")
    functions = [entry for entry in honest.abi if entry["type"] == "function"]
    market = OpenMarket(feed=replace(turncoat, abi=[*turncoat.abi, *functions]))
    market.run(SEQUENCES[name])
    market.do(OWNER, TOKEN, "mint", STRANGER, STANDARD.tokens)
    market.do(STRANGER, TOKEN, "approve", VAULT, STANDARD.tokens)
    return market


def turn(market: OpenMarket, place: Callable[[OpenMarket], str]) -> None:
    """Let the feed answer as another one does; what follows in this block sees the feed as it was made."""
    market.do(OWNER, FEED, "turn", place(market))


@pytest.mark.parametrize("bad", BAD)
def test_bad_feed__stops_what_needs_a_price__by_the_name_of_its_fault(bad: str) -> None:
    """Every function that values a position ends in the price error with the number that decided it."""
    place, error, number = BAD[bad]
    market = market_at("both sides")
    turn(market, place)
    for action in NEEDS_A_PRICE:
        refused = refused_whole(market, action, seconds=0)
        assert refused.error == error, action
        assert number is None or refused.args[0] == number


@pytest.mark.parametrize("bad", BAD)
def test_bad_feed__traders_defend_their_positions_and_take_out_what_is_theirs(bad: str) -> None:
    """EXI-2: what needs no price works with every kind of bad feed, and while paused."""
    market = market_at("owed")
    turn(market, BAD[bad][0])
    assert isinstance(market.act(actions.Pause(GUARDIAN), seconds=0), Done)
    for action in NEEDS_NONE:
        outcome = market.act(action, seconds=0)
        assert isinstance(outcome, Done), f"{action}: {outcome}"


@pytest.mark.parametrize("bad", BAD)
def test_bad_feed__closes_the_pool_and_reverts_none_of_its_views(bad: str) -> None:
    """With a dead feed all four limits are 0, the four calls end in them, and the other views answer."""
    market = market_at("both sides")
    turn(market, BAD[bad][0])
    for error, action in OF_THE_POOL.items():
        refused = refused_whole(market, action, seconds=0)
        assert (refused.error, refused.args[-1]) == (error, 0)
    for view in CONVERSIONS:
        assert market.ask(POOL, view, 10**12) > 0
    assert market.ask(POOL, "totalAssets") > 0


@pytest.mark.parametrize("good", GOOD)
def test_feed__at_the_edge_of_what_is_allowed__is_believed(good: str) -> None:
    market = market_at("quiet")
    turn(market, GOOD[good])
    assert market.ask(POOL, "exposure")[0] is True


def test_feed__fills_unused_words_with_dirt__is_believed() -> None:
    """Round ids wider than uint80 don't matter: the words that are not used are not looked at."""
    market = market_at("quiet")
    dirt = 2**256 - 1

    def place(market: OpenMarket) -> str:
        words = encode(ROUND, (dirt, PRICE, dirt, market.chain.timestamp, dirt))
        return market.place(load("AnswersBytes"), words)

    turn(market, place)
    assert isinstance(market.act(long(TRADER, SIZE, 150 * USD), seconds=0), Done)

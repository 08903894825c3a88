"""A feed that fails in any way is a dead feed to the guard, and no caller can make one seem dead."""

from typing import Final

import pytest
from eth_abi import encode
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.roles import OWNER, STRANGER

from tests.feeds.cases import FAR, OTHER
from tests.feeds.guarded import (
    BOUNDS_OF_FIRST,
    DAY,
    FIRST_DECIMALS,
    GRACE,
    NOBODY,
    PRICE,
    SOURCES,
    UNIT,
    GuardedMarket,
)

ROUND: Final = ("uint256", "int256", "uint256", "uint256", "uint256")
DIRT: Final = 2**256 - 1
SETTLEMENT_GAS: Final = 500_000
INTRINSIC_GAS: Final = 21_064  # of a transaction that carries four bytes that are not zero
PLENTY: Final = 3_000_000


def contract(name: str, code: str) -> Artifact:
    """Return a contract of this code, in hex."""
    runtime = bytes.fromhex(code)
    return Artifact(name, [], bytes((0x60, len(runtime))) + bytes.fromhex("8060093d393df3") + runtime, {})


RETURN_BOMB: Final = contract("ReturnBomb", "6201f4006000f3")  # 128,000 bytes of zeros
# 2,041 without decimals, given now, for 95,000 gas: it writes far away in its memory
COSTLY: Final = contract("CostlyFeed", "6107f9602052" + "42606052" + "600062030d4052" + "60a06000f3")


def round_words(answer: int, started_at: int, updated_at: int, dirt: int = 0) -> bytes:
    """Return a round's five words, the ids being ``dirt``."""
    return encode(ROUND, (dirt, answer, started_at, updated_at, dirt))


def answers(market: GuardedMarket, source: str, words: bytes) -> None:
    """Let a feed answer these bytes."""
    market.turn(source, load("AnswersBytes"), words)


def answered(market: GuardedMarket, gas: int) -> int | None:
    """Return the guard's answer to a call with this much gas, None where it refuses."""
    chain = market.chain
    assert isinstance(chain, RevmChain)
    data = market.calldata(market.guard, "latestRoundData")
    sender, to = market.book.text(OWNER), market.contracts[market.guard]
    try:
        output = chain.evm.message_call(sender, to, data, gas=gas + INTRINSIC_GAS, is_static=True)
    except RuntimeError:
        return None
    return int.from_bytes(output[32:64], "big", signed=True)


@pytest.mark.parametrize("length", [0, 32, 159])
def test_first_feed__answers_too_few_bytes__is_dead(market: GuardedMarket, length: int) -> None:
    answers(market, market.first, round_words(PRICE * 10**FIRST_DECIMALS, 0, market.now)[:length])
    market.answer_second(OTHER)
    assert market.read_guard().answer == OTHER * UNIT


def test_first_feed__loses_its_code__is_dead(market: GuardedMarket) -> None:
    market.do(OWNER, market.first, "turn", STRANGER, seconds=0)
    market.answer_second(OTHER)
    assert market.read_guard().answer == OTHER * UNIT


@pytest.mark.parametrize("answer", [-(2**255), 2**255 - 1, 10**59])
def test_first_feed__answers_the_greatest_or_least_number__is_dead(
    market: GuardedMarket, answer: int
) -> None:
    """Nothing overflows on the way to the other feed's price."""
    answers(market, market.first, round_words(answer, 0, market.now))
    market.answer_second(OTHER)
    assert market.read_guard().answer == OTHER * UNIT


def test_first_feed__fills_unused_words_with_dirt__is_live(market: GuardedMarket) -> None:
    answers(market, market.first, round_words(PRICE * 10**FIRST_DECIMALS, DIRT, market.now, DIRT))
    assert market.read_guard().answer == PRICE * UNIT


def test_first_feed__answers_from_the_end_of_time__is_dead(market: GuardedMarket) -> None:
    answers(market, market.first, round_words(PRICE * 10**FIRST_DECIMALS, 0, DIRT))
    market.answer_second(OTHER)
    assert market.read_guard().answer == OTHER * UNIT


def test_uptime_feed__is_read_by_since_when_and_not_by_its_last_report(market: GuardedMarket) -> None:
    """Some uptime feeds report "up" again and again: only ``startedAt`` stands still."""
    market.answer_first(PRICE)
    answers(market, market.uptime, round_words(0, market.now - GRACE - DAY, market.now))
    market.answer_first(PRICE)
    assert market.read_guard().updated_at == market.now
    answers(market, market.uptime, round_words(0, market.now, market.now - DAY))
    market.answer_first(PRICE)
    assert market.read_guard().updated_at < market.now - DAY / 48


@pytest.mark.parametrize("status", [2, -1, 2**255 - 1])
def test_uptime_feed__answers_neither_0_nor_1__is_down(market: GuardedMarket, status: int) -> None:
    answers(market, market.uptime, round_words(status, market.now - DAY, market.now))
    assert market.read_guard().answer == 0


@pytest.mark.parametrize("name", ["feed", "fallbackFeed", "uptimeFeed"])
def test_any_feed__returns_far_too_much__costs_no_more_than_a_dead_one(
    market: GuardedMarket, name: str
) -> None:
    """What is returned is not copied, so that a settlement's gas is enough for the others."""
    unit, bounds = (10**FIRST_DECIMALS, BOUNDS_OF_FIRST) if name == "fallbackFeed" else (UNIT, {})
    market.guard_with(SOURCES["GuardedFeed"], **bounds, **{name: market.place(RETURN_BOMB)})
    expected = 0 if name == "uptimeFeed" else PRICE * unit
    assert answered(market, SETTLEMENT_GAS) == answered(market, PLENTY) == expected


def test_all_feeds__burn_their_gas__leave_enough_of_a_settlement_s(market: GuardedMarket) -> None:
    """The guard answers 0 by itself, and is not read as silent for lack of gas."""
    for source in (market.first, market.second):
        market.turn(source, load("BurnsGas"))
    assert answered(market, SETTLEMENT_GAS) == 0


def test_feed_of_most_gas__between_two_that_burn_theirs__is_read_with_a_settlement_s(
    market: GuardedMarket,
) -> None:
    terms = {**BOUNDS_OF_FIRST, "fallbackFeed": market.place(COSTLY)}
    market.guard_with(SOURCES["GuardedFeed"], **terms)
    market.turn(market.first, load("BurnsGas"))
    assert answered(market, SETTLEMENT_GAS) == FAR * 10**FIRST_DECIMALS
    market.turn(market.uptime, load("BurnsGas"))
    assert answered(market, SETTLEMENT_GAS) == 0


def test_caller__with_too_little_gas_for_a_costly_feed__does_not_hide_a_dispute(
    market: GuardedMarket,
) -> None:
    """What a starved read leaves would be enough to answer with the first feed alone."""
    terms = {**BOUNDS_OF_FIRST, "fallbackFeed": market.place(COSTLY), "uptimeFeed": NOBODY, "gracePeriod": 0}
    market.guard_with(SOURCES["GuardedFeed"], **terms)
    assert {answered(market, gas) for gas in range(0, 200_000, 100)} == {None, 0}


def test_feed_that_burns__before_two_live_ones__leaves_them_enough(market: GuardedMarket) -> None:
    market.turn(market.first, load("BurnsGas"))
    market.answer_second(OTHER)
    assert answered(market, SETTLEMENT_GAS) == OTHER * UNIT


@pytest.mark.parametrize("second", [OTHER, FAR])
def test_caller__with_too_little_gas__gets_the_same_answer_or_none(
    market: GuardedMarket, second: int
) -> None:
    """Starving the second read would hide a dispute, starving the first would choose the other feed."""
    market.answer_second(second)
    answer = answered(market, PLENTY)
    results = [answered(market, gas) for gas in range(0, 200_000, 250)]
    assert set(results) == {None, answer}

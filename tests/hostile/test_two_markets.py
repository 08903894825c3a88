"""A hostile token hurts only its own market: one factory, two markets, and the honest one never notices."""

from collections.abc import Iterator

import pytest
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.outcome import Done, Outcome, Value
from ringfence.types.roles import ACCOUNTS, LIQUIDATORS, OWNER, PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD
from ringfence.vaults.isolated_margin.second_market import Market, create_market, place_factory
from ringfence.vaults.isolated_margin.stage import Stage, with_token
from ringfence.vaults.isolated_margin.stories import ANSWER, NO_DEADLINE, NO_LIMIT_BUYING, USD

TOKENS = (
    "BlacklistToken",
    "FeeOnTransferToken",
    "LyingBalanceToken",
    "PausableToken",
    "ReentrantToken",
    "ReturnsFalseToken",
)
LIFE: tuple[tuple[str, str, str, tuple[Value, ...]], ...] = (
    (OWNER, "vault", "fundInsurance", (1_000 * USD,)),
    (TRADERS[0], "vault", "open", (10 * SIZE, 1_100 * USD, NO_LIMIT_BUYING, NO_DEADLINE)),
    (TRADERS[1], "vault", "open", (-8 * SIZE, 2_000 * USD, 0, NO_DEADLINE)),
    (TRADERS[1], "vault", "addMargin", (2, USD)),
    (OWNER, "feed", "set", (1_930 * ANSWER, 2_000_000_000)),
    (LIQUIDATORS[0], "vault", "liquidate", (1,)),
    (TRADERS[1], "vault", "removeMargin", (2, USD)),
    (TRADERS[1], "vault", "close", (2, NO_LIMIT_BUYING, NO_DEADLINE)),
    (PROVIDERS[0], "pool", "withdraw", (USD, PROVIDERS[0], PROVIDERS[0])),
)
FIRST_OF_ADD_MARGIN = 5  # movements before it: one to fund insurance, two for each open


def turn_hostile(stage: Stage, token: str, hostile: Market, honest: Market) -> None:
    """Let the token misbehave from now on."""
    if token == "BlacklistToken":
        for account in (hostile.vault, hostile.pool):
            stage.do(OWNER, hostile.token, "blacklist", account, True, seconds=0)
    elif token == "ReentrantToken":
        payload = stage.calldata(honest.vault, "close", 1, 0, NO_DEADLINE)
        stage.do(OWNER, hostile.token, "plan", honest.vault, payload, FIRST_OF_ADD_MARGIN, seconds=0)
    else:
        stage.do(OWNER, hostile.token, "turn", True, seconds=0)


def lives(stage: Stage, hostile: Market, honest: Market) -> Iterator[tuple[Outcome, Outcome]]:
    """Do the same in both markets, step by step; yield both outcomes."""
    for account, contract, function, args in LIFE:
        yield tuple(
            stage.do(account, getattr(market, contract), function, *args) for market in (hostile, honest)
        )


def picture(stage: Stage, market: Market) -> list[object]:
    """Return all that a market's accounts can see of it."""
    holders = (market.vault, market.pool, *ACCOUNTS)
    views = [(market.vault, "ledger"), (market.vault, "exposure"), (market.pool, "totalAssets")]
    views += [(market.vault, "position", number) for number in (1, 2)]
    views += [(market.token, "balanceOf", holder) for holder in holders]
    views += [(market.vault, "claimable", account) for account in ACCOUNTS]
    return [stage.ask(*view) for view in views]


@pytest.mark.parametrize("token", TOKENS)
def test_hostile_token__in_one_market__leaves_the_other_as_it_was(token: str) -> None:
    """Outcomes and balances of one market are the same, whatever the other market's token does."""
    stage = Stage(RevmChain(), STANDARD, with_token("MockToken"))
    factory = place_factory(stage)
    honest_token, hostile_token = stage.place("MockToken", 6), stage.place(token, 6)
    feeds = [stage.place("MockPriceFeed", 8) for _ in range(2)]
    honest = create_market(stage, factory, honest_token, feeds[0], STANDARD)
    hostile = create_market(stage, factory, hostile_token, feeds[1], STANDARD)
    for market in (honest, hostile):
        stage.do(OWNER, market.feed, "set", 2_000 * ANSWER, stage.chain.timestamp)
        deposited = stage.do(PROVIDERS[0], market.pool, "deposit", STANDARD.liquidity, PROVIDERS[0])
        assert isinstance(deposited, Done)
    mark = stage.chain.snapshot()

    peaceful = list(lives(stage, hostile, honest))
    expected = picture(stage, honest)
    stage.chain.restore(mark)
    turn_hostile(stage, token, hostile, honest)
    disturbed = list(lives(stage, hostile, honest))

    assert all(isinstance(outcome, Done) for pair in peaceful for outcome in pair), peaceful
    if token == "ReentrantToken":
        assert stage.ask(hostile.token, "attempts") == 1
    else:
        assert disturbed != peaceful
    assert [honest_outcome for _, honest_outcome in disturbed] == [outcome for _, outcome in peaceful]
    assert picture(stage, honest) == expected

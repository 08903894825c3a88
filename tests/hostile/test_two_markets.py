"""A hostile token hurts only its own market: one factory, two markets, and the honest one never notices."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from ringfence.evm.artifacts import load
from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Done, Outcome, Value
from ringfence.types.roles import ACCOUNTS, FUNDED, LIQUIDATORS, OWNER, PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD

from tests.open_market import OpenMarket, place_factory
from tests.sequences import ANSWER, NO_DEADLINE, NO_LIMIT_BUYING, USD

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
    (TRADERS[1], "vault", "addMargin", (2, USD, TRADERS[1])),
    (OWNER, "feed", "set", (1_930 * ANSWER, 2_000_000_000)),
    (LIQUIDATORS[0], "vault", "liquidate", (1,)),
    (TRADERS[1], "vault", "removeMargin", (2, USD)),
    (TRADERS[1], "vault", "close", (2, NO_LIMIT_BUYING, NO_DEADLINE)),
    (PROVIDERS[0], "pool", "withdraw", (USD, PROVIDERS[0], PROVIDERS[0])),
)
FIRST_OF_ADD_MARGIN = 5  # movements before it: one to fund insurance, two for each open


@dataclass(frozen=True, slots=True)
class Market:
    """Where a market's contracts are."""

    token: str
    feed: str
    vault: str
    pool: str


def create_market(workspace: Workspace, factory: str, token: str, feed: str) -> Market:
    """Return a new market in which every account has tokens and approvals."""
    vault_code, pool_code = load("IsolatedMarginVault"), load("LiquidityPool")
    terms = market_config(token, feed, STANDARD), bytes(32), vault_code.bytecode, pool_code.bytecode
    vault, pool = map(str, workspace.do(OWNER, factory, "createMarket", *terms))
    workspace.know(vault, vault_code, vault)
    workspace.know(pool, pool_code, pool)
    for account in FUNDED:
        workspace.do(OWNER, token, "mint", account, STANDARD.tokens)
        for spender in (vault, pool):
            workspace.do(account, token, "approve", spender, INFINITE)
    return Market(token, feed, vault, pool)


def turn_hostile(workspace: Workspace, token: str, hostile: Market, honest: Market) -> None:
    """Let the token misbehave from now on."""
    if token == "BlacklistToken":
        for account in (hostile.vault, hostile.pool):
            workspace.do(OWNER, hostile.token, "blacklist", account, True, seconds=0)
    elif token == "ReentrantToken":
        payload = workspace.calldata(honest.vault, "close", 1, 0, NO_DEADLINE)
        workspace.do(OWNER, hostile.token, "plan", honest.vault, payload, FIRST_OF_ADD_MARGIN, seconds=0)
    else:
        workspace.do(OWNER, hostile.token, "turn", True, seconds=0)


def lives(workspace: Workspace, hostile: Market, honest: Market) -> Iterator[tuple[Outcome, Outcome]]:
    """Do the same in both markets, step by step; yield both outcomes."""
    for account, contract, function, args in LIFE:
        yield tuple(
            workspace.send(account, getattr(market, contract), function, *args)
            for market in (hostile, honest)
        )


def picture(workspace: Workspace, market: Market) -> list[object]:
    """Return all that a market's accounts can see of it."""
    holders = (market.vault, market.pool, *ACCOUNTS)
    views = [(market.vault, "ledger"), (market.pool, "exposure"), (market.pool, "totalAssets")]
    views += [(market.vault, "position", number) for number in (1, 2)]
    views += [(market.token, "balanceOf", holder) for holder in holders]
    views += [(market.vault, "claimable", account) for account in ACCOUNTS]
    return [workspace.ask(*view) for view in views]


@pytest.mark.parametrize("token", TOKENS)
def test_hostile_token__in_one_market__leaves_the_other_as_it_was(token: str) -> None:
    workspace = OpenMarket()
    factory = place_factory(workspace)
    honest_token, hostile_token = workspace.place(load("MockToken"), 6), workspace.place(load(token), 6)
    feeds = [workspace.place(load("MockPriceFeed"), 8) for _ in range(2)]
    honest = create_market(workspace, factory, honest_token, feeds[0])
    hostile = create_market(workspace, factory, hostile_token, feeds[1])
    for market in (honest, hostile):
        workspace.do(OWNER, market.feed, "set", 2_000 * ANSWER, workspace.chain.timestamp)
        workspace.do(PROVIDERS[0], market.pool, "deposit", STANDARD.liquidity, PROVIDERS[0])
    mark = workspace.chain.snapshot()

    peaceful = list(lives(workspace, hostile, honest))
    expected = picture(workspace, honest)
    workspace.chain.restore(mark)
    turn_hostile(workspace, token, hostile, honest)
    disturbed = list(lives(workspace, hostile, honest))

    assert all(isinstance(outcome, Done) for pair in peaceful for outcome in pair), peaceful
    if token == "ReentrantToken":
        assert workspace.ask(hostile.token, "attempts") == 1
    else:
        assert disturbed != peaceful
    assert [honest_outcome for _, honest_outcome in disturbed] == [outcome for _, outcome in peaceful]
    assert picture(workspace, honest) == expected

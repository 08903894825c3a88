"""A price that is written into the feed's storage is the one that the feed's own function would have set."""

import pytest
from ringfence.evm.chains.base import Call
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Step
from ringfence.types.roles import FEED, OWNER
from ringfence.vaults.isolated_margin.actions import BreakFeed, SetPrice
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.markets import STANDARD

PRICES = [
    Step(SetPrice(OWNER, answer, age), 7) for answer in (0, 1, -5, 2**255 - 1, -(2**255)) for age in (0, 90)
]


def words(market: DirectMarket) -> list[int]:
    """Return what the feed keeps."""
    return market.workspace.storage(FEED, range(2))


@pytest.mark.parametrize("is_broken", [False, True])
@pytest.mark.parametrize("step", PRICES, ids=str)
def test_price__is_kept_as_the_feed_keeps_it(step: Step, is_broken: bool) -> None:
    market = DirectMarket(Workspace(RevmChain()), STANDARD, Contracts.compiled())
    market.apply(Step(BreakFeed(OWNER, is_broken), 1))
    market.apply(step)
    written, chain, book = words(market), market._chain, market.workspace.book
    data = market.workspace.calldata(FEED, "set", step.action.answer, chain.timestamp - step.action.age)
    market.apply(Step(SetPrice(OWNER, 1, 1), 0))
    assert words(market) != written
    assert chain.send(Call(book.text(OWNER), book.text(FEED), data), 0).ok
    assert words(market) == written

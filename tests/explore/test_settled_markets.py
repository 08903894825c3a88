"""A search reaches settled markets, and what is refused in them, in a stated number of steps."""

from typing import Final

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.vaults.isolated_margin.target import our_vault

STEPS: Final = 6_000


@pytest.mark.parametrize("seed", [1, 2])
def test_search__of_six_thousand_steps__settles_markets_and_goes_on_in_them(seed: int) -> None:
    done = Search(our_vault(), seed).run(Budget(None, None, STEPS))
    assert not done.findings
    assert ("market settled", "SettleMarket") in done.reached
    assert done.stats.outcomes["Open", "MarketSettled"]

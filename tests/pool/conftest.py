"""A market in each of the states."""

import pytest

from tests.open_market import OpenMarket
from tests.pool.states import STATES, kept_market


@pytest.fixture(params=STATES)
def market(request: pytest.FixtureRequest) -> OpenMarket:
    """Return a market in one of the states."""
    kept, mark = kept_market(request.param)
    kept.chain.restore(mark)
    return kept

"""A market in each of the states."""

import pytest

from tests.open_market import OpenMarket
from tests.pool.states import STATES, stored_market


@pytest.fixture(params=STATES)
def market(request: pytest.FixtureRequest) -> OpenMarket:
    """Return a market in one of the states."""
    stored, mark = stored_market(request.param)
    stored.chain.restore(mark)
    return stored

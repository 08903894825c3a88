"""Markets that many tests of the model begin with."""

import pytest

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, World


@pytest.fixture
def market() -> World:
    """Return a market without a position."""
    return World()


@pytest.fixture
def long_market() -> World:
    """Return a market free of carry, with a long of one unit, 298 of margin left after the fee."""
    market = World(FREE_OF_CARRY)
    market.open_position(UNIT, 300 * TOKEN)
    market.drain_log()
    return market

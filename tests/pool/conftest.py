"""A market in each of the states."""

import pytest
from ringfence.vaults.isolated_margin.stage import Stage

from tests.pool.states import STATES, kept_stage


@pytest.fixture(params=STATES)
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a market in one of the states."""
    kept, mark = kept_stage(request.param)
    kept.chain.restore(mark)
    return kept

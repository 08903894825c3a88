"""With any guard taken out of the contract, a line of the table is no longer true: the tests would notice."""

from typing import Final

import pytest
import ringfence as rf

from tests.feeds.cases import CASES
from tests.feeds.guarded import FOLDER, GuardedMarket
from tests.feeds.lines import lines

WITHOUT: Final = {
    "sequencer": ("if (sequencer == Sequencer.Down) return (0, 0);", ""),
    "grace": ("if (sequencer == Sequencer.Returning) return _aged(live);", ""),
    "uptime's beginning": ("since == 0 || since > block.timestamp", "since > block.timestamp"),
    "uptime's future": ("since == 0 || since > block.timestamp", "since == 0"),
    "lower bound": ("price <= lowerBound || ", ""),
    "upper bound": (" || price >= upperBound", ""),
    "sign": ("uint256(answer) > upperBound / factor", "answer > int256(upperBound / factor)"),
    "time": ("updatedAt == 0 || ", ""),
    "future": (" || updatedAt > block.timestamp) return none", ") return none"),
    "deviation": ("return (higher - lower) * PPM > lower * maxDeviationPpm;", "return false;"),
    "first's age": ("feed, _feedFactor, feedMaxAge", "feed, _feedFactor, maxAge"),
    "dispute's time": ("first.liveUntil < second.updatedAt || second.liveUntil < first.updatedAt", "false"),
    "dispute of the silent": ("_isLive(first) != _isLive(second)", "!_isLive(first) || !_isLive(second)"),
    "newest": ("first.updatedAt < second.updatedAt ? second : first", "first"),
    "too old": ("last.updatedAt < tooOld ? last.updatedAt : tooOld", "last.updatedAt"),
}


@pytest.mark.slow  # each is compiled
@pytest.mark.parametrize("guard", WITHOUT)
def test_contract__without_a_guard__breaks_a_line_of_the_table(market: GuardedMarket, guard: str) -> None:
    edit = rf.Edit("GuardedFeed.sol", *WITHOUT[guard])
    market.guard_with(rf.solidity(FOLDER, edits=(edit,))["GuardedFeed"])
    mark = market.snapshot()
    for line in lines():
        for cause in CASES[line.case].values():
            cause(market)
            try:
                line.check(market)
            except AssertionError:
                return
            market.restore(mark)
    pytest.fail(f"no line of the table needs the guard: {guard}")

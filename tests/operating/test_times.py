"""Of which blocks a ledger needs the time: no more are asked for, and no fewer."""

import pytest
from ringfence.types.outcome import Event
from ringfence.types.roles import VAULT
from ringfence_operations.follow.times import timed

ACCRUED = Event(VAULT, "Accrued", (2, 0, 0))
ADDED = Event(VAULT, "MarginAdded", (1, "trader_1", "trader_1", (), 5))
OPENED_WITHOUT = Event(VAULT, "Opened", (1, "trader_1", (), 2, 0, 0, 0))
REMOVED = Event(VAULT, "MarginRemoved", (1, "trader_1", (), 2, 5))
TIMES = {"0x1": 10, "0x2": 20, "0x3": 20, "0x4": 30}


@pytest.mark.parametrize(
    ("events", "asked"),
    [
        ("accrued accrued accrued accrued", "0x4"),
        ("added accrued accrued accrued", "0x4 0x3 0x2 0x1"),
        ("accrued added removed accrued", "0x4 0x3 0x2 0x1"),
        ("accrued accrued accrued added", "0x4 0x3"),
        ("accrued opened opened opened", "0x4 0x3 0x2 0x1"),
        ("accrued accrued added removed", "0x4 0x3 0x2 0x1"),
    ],
)
def test_times__of_blocks__are_asked_for_back_to_what_the_ledger_keeps(events: str, asked: str) -> None:
    """The last accrual, and every block of the last second in which margin came in and after it."""
    named = {"accrued": ACCRUED, "added": ADDED, "opened": OPENED_WITHOUT, "removed": REMOVED}
    happened = [named[name] for name in events.split()]
    numbers: list[str] = []

    def time_of(log: dict[str, str]) -> int:
        numbers.append(log["blockNumber"])
        return TIMES[log["blockNumber"]]

    logs = [{"blockNumber": number} for number in TIMES]
    found = list(timed(happened, logs, time_of))
    assert numbers == asked.split()
    assert [event for block, _ in found for event in block] == happened
    expected = [TIMES[number] if number in numbers else 0 for number in TIMES]
    assert [time for _, time in found] == expected


def test_times__of_events_in_one_block__are_one() -> None:
    logs = [{"blockNumber": "0x4"}, {"blockNumber": "0x4"}]
    assert list(timed([ACCRUED, ADDED], logs, lambda log: 30)) == [([ACCRUED, ADDED], 30)]

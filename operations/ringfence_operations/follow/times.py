"""When the events of a piece of the chain happened, asked of the node only where a ledger still needs it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from ringfence.types.outcome import Event

BRINGING: Final = ("Opened", "Increased", "MarginAdded")  # margin; what is fresh comes last


def timed(
    events: Sequence[Event], logs: Sequence[dict[str, Any]], time_of: Callable[[dict[str, Any]], int]
) -> Iterator[tuple[list[Event], int]]:
    """Yield the events of each block with its time, in seconds; ``time_of`` gives that of a log.

    What a ledger keeps of time is the last accrual and the last second in which margin came in. Of blocks
    before these the time is not asked for, and 0.
    """
    pairs = zip(events, logs, strict=True)
    blocks = [list(block) for _, block in groupby(pairs, lambda pair: str(pair[1]["blockNumber"]))]
    times: list[int] = []
    is_accrued, is_past, came_in = False, not any(map(_brings, events)), 0
    for block in reversed(blocks):
        times.append(0 if is_accrued and is_past else time_of(block[-1][1]))
        is_past |= times[-1] < came_in
        is_accrued |= any(event.name == "Accrued" for event, _ in block)
        if not came_in and any(_brings(event) for event, _ in block):
            came_in = times[-1]
    for block, time in zip(blocks, reversed(times), strict=True):
        yield [event for event, _ in block], time


def _brings(event: Event) -> bool:
    return event.name in BRINGING and event.args[-1] != 0

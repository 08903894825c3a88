"""Turn after turn until somebody ends it, through whatever the node and the network do meanwhile."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Final

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_when_event_set
from tenacity.nap import sleep_using_event
from tenacity.wait import wait_base, wait_exponential_jitter

from ringfence_operations.follow.connection import NodeRefused, NodeUnreachable
from ringfence_operations.keeper.webhook import NotTold

PASSING: Final = (NodeRefused, NodeUnreachable, NotTold)
PATIENCE: Final = wait_exponential_jitter(multiplier=0.5, max=30)  # seconds


def take_turns(
    turn: Callable[[], None],
    stop: Event,
    seconds: float,
    say: Callable[[str], None],
    patience: wait_base = PATIENCE,
) -> None:
    """Take turns ``seconds`` apart until ``stop`` is set.

    The first must succeed. Later, what is ``PASSING`` is tried again, after ever longer waits; ``say`` is
    told when that begins and when it ends.

    Raises:
        NodeRefused, NodeUnreachable, NotTold: in the first turn.
        RingfenceError: in any turn, when it is about anything but the node.
    """
    turn()
    while not stop.wait(seconds):
        retrying = Retrying(
            retry=retry_if_exception_type(PASSING),
            wait=patience,
            stop=stop_when_event_set(stop),
            sleep=sleep_using_event(stop),
            before_sleep=lambda state: _complain(state, say),
            retry_error_callback=lambda state: None,  # asked to end while the node was away
        )
        retrying(turn)
        if retrying.statistics.get("attempt_number", 1) > 1 and not stop.is_set():
            say("going on")


@contextmanager
def stoppable() -> Iterator[Event]:
    """Take Ctrl-C and SIGTERM as the wish to end after this turn; a second Ctrl-C ends it at once."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _complain(state: RetryCallState, say: Callable[[str], None]) -> None:
    if state.attempt_number == 1 and state.outcome is not None:
        say(f"{state.outcome.exception()}; trying again")

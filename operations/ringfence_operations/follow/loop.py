"""Rounds until the user ends them, while the node and the network come and go."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Final

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_when_event_set
from tenacity.nap import sleep_using_event
from tenacity.wait import wait_base, wait_exponential_jitter

from ringfence_operations.follow.progress import block_progress
from ringfence_operations.follow.snapshot import Snapshot
from ringfence_operations.follow.watcher import Watcher
from ringfence_operations.node.rpc import Temporary

PATIENCE: Final = wait_exponential_jitter(multiplier=0.5, max=30)  # seconds


def follow(
    watcher: Watcher,
    act: Callable[[Snapshot], None],
    stop: Event,
    seconds: float | None,
    report: Callable[[str], None],
) -> None:
    """Act on snapshots ``seconds`` apart until ``stop`` is set, or on one without ``seconds``.

    The checkpoint is saved at the end. Raises as ``repeat``.
    """
    with block_progress() as progress:

        def run() -> None:
            act(watcher.snapshot(progress))

        if seconds is None:
            run()
        else:
            repeat(run, stop, seconds, report)
    watcher.save()


def repeat(
    run: Callable[[], None],
    stop: Event,
    seconds: float,
    report: Callable[[str], None],
    patience: wait_base = PATIENCE,
) -> None:
    """Run rounds ``seconds`` apart until ``stop`` is set.

    The first must succeed. Later, what is ``Temporary`` is tried again, after ever longer waits; ``report``
    gets a sentence when that begins and when it ends.

    Raises:
        Temporary: in the first round.
        RingfenceError: in any round, when it is not ``Temporary``.
    """
    run()
    while not stop.wait(seconds):
        retrying = Retrying(
            retry=retry_if_exception_type(Temporary),
            wait=patience,
            stop=stop_when_event_set(stop),
            sleep=sleep_using_event(stop),
            before_sleep=lambda state: _report_failure(state, report),
            retry_error_callback=lambda state: None,  # asked to end while the node was away
        )
        retrying(run)
        if retrying.statistics.get("attempt_number", 1) > 1 and not stop.is_set():
            report("going on")


@contextmanager
def stoppable() -> Iterator[Event]:
    """Take Ctrl-C and SIGTERM as the wish to end after this round; a second Ctrl-C ends it at once."""
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


def _report_failure(state: RetryCallState, report: Callable[[str], None]) -> None:
    if state.attempt_number == 1 and state.outcome is not None:
        report(f"{state.outcome.exception()}; trying again")

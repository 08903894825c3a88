"""A call in a process of its own, which leaves nothing behind and can be ended."""

import multiprocessing
import os
import resource
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any, Final, ParamSpec, TypeVar

from ringfence.types.errors import RingfenceError

FORK: Final = multiprocessing.get_context("fork")
CPU_SECONDS: Final = 240  # of one call; a search ends long before
WALL_FACTOR: Final = 10  # times that, by the clock on the wall: the machine may be busy with other things

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Unfit(RingfenceError):
    """There is nothing to measure by: the message is one sentence."""


class OutOfTime(Exception):
    """A call took too long and was ended."""


def call_in_fork(
    call: Callable[Arguments, Result], *args: Arguments.args, **named: Arguments.kwargs
) -> Result:
    """Return what a call returns in a fork of this process.

    Raises:
        OutOfTime: it took too long.
        Unfit: it raised something; an Unfit's own message, or what it was and where.
    """
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_answer, args=(there, lambda: call(*args, **named)))
    process.start()
    there.close()
    before = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda number, _: _end(process, number, before))
    try:
        is_answered = here.poll(CPU_SECONDS * WALL_FACTOR)
        answer: Result | Unfit | None = here.recv() if is_answered else None
    except EOFError:
        process.join()
        if process.exitcode not in (-signal.SIGXCPU, -signal.SIGKILL):
            raise Unfit(f"a process ended with {process.exitcode} and no word") from None
        is_answered = False
    finally:
        process.kill()
        process.join()
        signal.signal(signal.SIGTERM, before)
    if not is_answered:
        raise OutOfTime
    if isinstance(answer, Unfit):
        raise answer
    return answer  # type: ignore[return-value]  # it is what the call returned


def _end(process: ForkProcess, number: int, before: Any) -> None:
    """Take a process along. What is raised here may be lost in a callback, so the signal is sent again."""
    process.kill()
    signal.signal(number, before)
    os.kill(os.getpid(), number)


def _answer(pipe: Connection, call: Callable[[], object]) -> None:
    """Send what a call returns, or why it does not."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        pipe.send(call())
    except Unfit as refusal:
        pipe.send(refusal)
    except Exception as failure:
        place = traceback.extract_tb(failure.__traceback__)[-1]
        pipe.send(Unfit(f"{type(failure).__name__} in {place.name}, line {place.lineno}: {failure}"))

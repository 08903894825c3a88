"""Mutants judged side by side, each in a process of its own that can be ended."""

import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from time import monotonic, process_time
from typing import Final

from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.process import FORK, OutOfTime, Unfit, call_in_fork
from ringfence.measure.mutation.state import State
from ringfence.measure.mutation.target import InvalidMutant, MutationTarget
from ringfence.measure.mutation.verdict import TEST, Detection, Fate, KnownSequence, Verdict

PATIENCE: Final = 10  # seconds, for a process to end that was asked to


@dataclass(frozen=True, slots=True)
class JudgeTask:
    """A mutant to judge: what is known of it, and the sequences to try first."""

    mutant: Mutant
    earlier: Verdict | None
    known: Sequence[KnownSequence]


def judge_all(
    target: MutationTarget, mutants: Sequence[Mutant], state: State, *, workers: int, seed: int
) -> Generator[tuple[Mutant, Verdict], None, None]:
    """Judge every mutant, store each verdict when it is found, and yield it."""
    waiting = list(mutants)
    with _workers(target, min(workers, len(waiting)), seed) as pipes:
        at_work: dict[Connection, Mutant] = {}
        while waiting or at_work:
            for pipe in [pipe for pipe in pipes if pipe not in at_work][: len(waiting)]:
                at_work[pipe] = mutant = waiting.pop(0)
                pipe.send(JudgeTask(mutant, state.known(mutant), state.killers(mutant)))
            for ready in wait(list(at_work)):
                assert isinstance(ready, Connection)
                mutant = at_work.pop(ready)
                verdict = _received(ready, mutant)
                if verdict != state.known(mutant):
                    state.store(verdict)
                yield mutant, verdict


def _received(pipe: Connection, mutant: Mutant) -> Verdict:
    """Return a process's verdict; raises Unfit when it has ended without one."""
    try:
        answer: Verdict | str = pipe.recv()
    except EOFError:
        answer = "its process has ended"
    if isinstance(answer, str):
        raise Unfit(f"Mutant {mutant.id} could not be judged, and a second run goes on from there: {answer}.")
    return answer


@contextmanager
def _workers(target: MutationTarget, count: int, seed: int) -> Iterator[list[Connection]]:
    """Give the pipes to processes that judge what they are sent; they end with the context."""
    pipes, processes = list[Connection](), list[ForkProcess]()
    try:
        for _ in range(count):
            here, there = FORK.Pipe()
            process = FORK.Process(target=_work, args=(target, there, seed, [*pipes, here]))
            process.start()
            there.close()
            pipes.append(here)
            processes.append(process)
        yield pipes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(PATIENCE)
            process.kill()  # it may have been asked before it was ready to hear
            process.join()


def _work(target: MutationTarget, pipe: Connection, seed: int, not_mine: Iterable[Connection]) -> None:
    """Judge one task after the other until there is no one left to answer."""
    for other in not_mine:
        other.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not a handler of the process that started this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the user's interrupt is for the process that did
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(judged(target, task, seed))
        except Unfit as failure:
            pipe.send(str(failure))


def judged(target: MutationTarget, task: JudgeTask, seed: int) -> Verdict:
    """Return what becomes of a mutant: the earlier verdict if its code is the same."""
    mutant, earlier = task.mutant, task.earlier
    try:
        code = target.code(mutant)
    except InvalidMutant:
        return Verdict(mutant.id, Fate.INVALID, "", 0.0)
    if code == target.unchanged:
        return Verdict(mutant.id, Fate.SAME_CODE, code, 0.0)
    if earlier and earlier.code == code:
        return earlier
    verdict = replace(_in_a_process(target, task, seed), code=code)
    if verdict.fate is Fate.SURVIVED and target.is_same_when_optimised(mutant):
        return replace(verdict, fate=Fate.SAME_CODE)
    return verdict


def _in_a_process(target: MutationTarget, task: JudgeTask, seed: int) -> Verdict:
    """Look for what notices a mutant in a process of its own, within limits of time."""
    begun, mutant = monotonic(), task.mutant.id
    try:
        seconds, found = call_in_fork(_found, target, task, seed)
    except OutOfTime:
        return Verdict(mutant, Fate.TIMED_OUT, "", round(monotonic() - begun, 3))
    fate = Fate.SURVIVED if found is None else Fate.KILLED_BY_TEST if found.phase == TEST else Fate.KILLED
    return Verdict(mutant, fate, "", seconds, found)


def _found(target: MutationTarget, task: JudgeTask, seed: int) -> tuple[float, Detection | None]:
    begun = process_time()
    found = target.find(task.mutant, task.known, seed)
    return round(process_time() - begun, 3), found

"""Mutants judged side by side, each in a process of its own that can be ended."""

import hashlib
import pickle
import signal
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from time import monotonic, process_time
from typing import Final

from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.process import FORK, OutOfTime, apart
from ringfence.measure.mutation.state import Killers, State
from ringfence.measure.mutation.target import Known, MutationTarget, Stillborn, Unfit
from ringfence.measure.mutation.tested import STAGE as TESTED
from ringfence.measure.mutation.verdict import Detection, Fate, Verdict

PATIENCE: Final = 10  # seconds, for a process to end that was told to


@dataclass(frozen=True, slots=True)
class JudgeTask:
    """A mutant to judge: what is known of it, and the programs to try first."""

    mutant: Mutant
    earlier: Verdict | None
    known: Sequence[Known]


def judge_all(
    target: MutationTarget,
    mutants: Iterable[Mutant],
    state: State,
    corpus: Killers,
    *,
    workers: int,
    seed: int,
    told: Callable[[Mutant, Verdict], None],
) -> dict[str, Verdict]:
    """Judge every mutant and keep each verdict as it is found; return them by the mutants' ids.

    Raises KeyboardInterrupt when the user ends it: what was judged until then is kept.
    """
    waiting, verdicts = list(mutants), dict[str, Verdict]()
    with _workers(target, min(workers, len(waiting)), seed) as pipes:
        at_work: dict[Connection, Mutant] = {}
        while waiting or at_work:
            for pipe in [pipe for pipe in pipes if pipe not in at_work]:
                if waiting:
                    at_work[pipe] = mutant = waiting.pop(0)
                    pipe.send(JudgeTask(mutant, state.known(mutant), corpus.near(mutant)))
            for ready in wait(list(at_work)):
                assert isinstance(ready, Connection)
                mutant = at_work.pop(ready)
                verdict = _received(ready, mutant)
                if verdict != state.known(mutant):
                    state.keep(verdict)
                corpus.add(mutant, verdict)
                verdicts[mutant.id] = verdict
                told(mutant, verdict)
    return verdicts


def _received(pipe: Connection, mutant: Mutant) -> Verdict:
    """Return what a process has to say; raises Unfit when it has ended without a word."""
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
            process.kill()  # it may have been told before it was ready to hear
            process.join()


def _work(target: MutationTarget, pipe: Connection, seed: int, not_mine: Iterable[Connection]) -> None:
    """Judge one task after the other until there is no one left to tell."""
    for other in not_mine:
        other.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not a handler of whoever started this one
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
        planted = target.plant(mutant)
    except Stillborn:
        return Verdict(mutant.id, Fate.STILLBORN, "", 0.0)
    code = _hash(planted)
    if planted == target.unbroken:
        return Verdict(mutant.id, Fate.EQUIVALENT, code, 0.0)
    if earlier and earlier.code == code:
        return earlier
    verdict = replace(_in_a_process(target, task, planted, seed), code=code)
    if verdict.fate is Fate.SURVIVED and target.is_equal_when_deployed(mutant):
        return replace(verdict, fate=Fate.EQUIVALENT)
    return verdict


def _in_a_process(target: MutationTarget, task: JudgeTask, planted: Hashable, seed: int) -> Verdict:
    """Look for what notices a mutant in a process of its own, within limits of time."""
    begun = monotonic()
    try:
        seconds, found = apart(_found, target, task, planted, seed)
    except OutOfTime:
        return Verdict(task.mutant.id, Fate.TIMED_OUT, "", round(monotonic() - begun, 3))
    return Verdict(task.mutant.id, _fate(found), "", seconds, found)


def _found(
    target: MutationTarget, task: JudgeTask, planted: Hashable, seed: int
) -> tuple[float, Detection | None]:
    begun = process_time()
    found = target.find(task.mutant, planted, task.known, seed)
    return round(process_time() - begun, 3), found


def _fate(found: Detection | None) -> Fate:
    if found is None:
        return Fate.SURVIVED
    return Fate.KILLED_BY_TEST if found.stage == TESTED else Fate.KILLED


def _hash(planted: Hashable) -> str:
    return hashlib.sha256(pickle.dumps(planted)).hexdigest()[:16]

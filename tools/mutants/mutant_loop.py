"""A pytest plugin: tries every mutant that mutmut made on the tests that reach it, in forks of one session.

mutmut starts pytest anew for each mutant, which takes longer than nearly all of the tests. Here they are
collected once; a fork breaks one function and runs the tests that reach it, those first that killed others
near it, then the quickest, until one fails. Results go where mutmut keeps its own: its commands show them,
and a second run goes on where the first was interrupted.
"""

import os
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from time import process_time

import pytest
from _pytest.runner import runtestprotocol
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.stats import load_stats
from mutmut.utils.file_utils import change_cwd, walk_mutatable_files
from mutmut.utils.format_utils import mangled_name_from_mutant_name
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

KILLED, SURVIVED, NO_TESTS = 1, 0, 33  # as mutmut has them
SECONDS_OVER = 10  # of processor time beyond the budget, before a mutant counts as timed out
RUN = Path("..").resolve()  # mutmut's folder; tests run in its folder "mutants"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which mutants, how many at once, and for how long."""
    parser.addoption("--mutants", default="*", help="a pattern of mutants' names")
    parser.addoption("--budget", type=int, default=8, help="processor seconds of tests for a mutant")
    parser.addoption("--at-once", type=int, default=1, help="how many mutants are tried at once")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try what has not been killed before."""
    if session.testsfailed:
        return False
    with change_cwd(RUN):
        config(), load_stats()
        files = [SourceFileMutationData(path=path) for path in walk_mutatable_files()]
        for file in files:
            file.load()
    _try_all(session, files)
    return True


def _try_all(session: pytest.Session, files: list[SourceFileMutationData]) -> None:
    options = session.config.option
    items = {item.nodeid: item for item in session.items}
    waiting = sorted(_undecided(files, options.mutants), key=_longest, reverse=True)
    running: dict[int, Trial] = {}
    killers: Counter[tuple[str, str]] = Counter()
    survived = 0
    columns = TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("mutants", total=len(waiting))
        while waiting or running:
            while waiting and len(running) < options.at_once:
                file, name = waiting.pop()
                tests = sorted(_tests_of(name), key=_promise(killers, name))
                trial = Trial(file, name, [items[test] for test in tests if test in items])
                running[trial.fork(options.budget)] = trial
            pid, status = os.wait()
            trial, code = running.pop(pid), os.waitstatus_to_exitcode(status)
            killers.update((place, test) for test in trial.killer() for place in _places(trial.name))
            survived += code == SURVIVED
            _decide(trial.file, trial.name, code)
            progress.update(task, advance=1, description=f"mutants, {survived} survived")


def _promise(killers: Counter[tuple[str, str]], name: str) -> Callable[[str], list[int]]:
    """Return what sorts tests: those first that killed others in the function, in the module, anywhere."""
    return lambda test: [-killers[place, test] for place in _places(name)]


def _places(name: str) -> tuple[str, str, str]:
    function = mangled_name_from_mutant_name(name)
    return function, function.rpartition(".")[0], ""


class Trial:
    """A mutant with its tests, and the pipe through which a fork says which of them killed it."""

    def __init__(self, file: SourceFileMutationData, name: str, tests: list[pytest.Item]) -> None:
        """Prepare a trial."""
        self.file, self.name, self.tests = file, name, tests
        self._read, self._write = os.pipe()

    def fork(self, budget: int) -> int:
        """Return the process that runs the tests, for ``budget`` seconds of processor time."""
        pid = os.fork()
        if pid == 0:
            limit = budget + SECONDS_OVER
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            os._exit(self._run(budget))
        os.close(self._write)
        return pid

    def killer(self) -> list[str]:
        """Return the test that killed it, if one did."""
        with os.fdopen(self._read, encoding="utf-8") as words:
            return words.read().splitlines()

    def _run(self, budget: int) -> int:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1), os.dup2(nothing, 2)
        set_mutant_under_test(self.name)
        begun = process_time()
        for test in self.tests:
            if any(report.failed for report in runtestprotocol(test, log=False)):
                os.write(self._write, test.nodeid.encode())
                return KILLED
            if process_time() - begun > budget:
                return SURVIVED
        return SURVIVED if self.tests else NO_TESTS


def _undecided(
    files: list[SourceFileMutationData], pattern: str
) -> Iterator[tuple[SourceFileMutationData, str]]:
    """Yield whom no test has killed yet: new ones, and those that lived through the tests as they were."""
    for file in files:
        for name, code in file.exit_code_by_key.items():
            if code in (None, SURVIVED, NO_TESTS) and fnmatch(name, pattern):
                yield file, name


def _longest(entry: tuple[SourceFileMutationData, str]) -> float:
    """Return how long all tests of a mutant take, so that those soon tried come first."""
    return sum(state().duration_by_test[test] for test in _reaching(entry[1]))


def _tests_of(name: str) -> list[str]:
    """Return the tests that reach the mutant's function, the quickest first."""
    return sorted(_reaching(name), key=lambda test: (state().duration_by_test[test], test))


def _reaching(name: str) -> set[str]:
    return state().tests_by_mangled_function_name.get(mangled_name_from_mutant_name(name), set())


def _decide(file: SourceFileMutationData, name: str, code: int) -> None:
    file.exit_code_by_key[name] = code
    with change_cwd(RUN):
        file.save()

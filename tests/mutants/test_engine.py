"""Mutants are judged apart from each other, counted honestly, and not judged twice."""

import multiprocessing
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from ringfence.measure.mutation.counting import count
from ringfence.measure.mutation.engine import judge_all
from ringfence.measure.mutation.equivalents import Equivalent
from ringfence.measure.mutation.mutant import Mutant, mutants_of, one_of_a_line, sample
from ringfence.measure.mutation.state import State, tool_digest
from ringfence.measure.mutation.verdict import Fate, Verdict
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import syntax_trees

from tests.mutants.paper_target import SOURCES, PaperTarget, mutants

FATES = {
    "killed": Fate.KILLED,
    "survives": Fate.SURVIVED,
    "equal": Fate.SAME_CODE,
    "invalid": Fate.INVALID,
    "tested": Fate.KILLED_BY_TEST,
    "hangs": Fate.TIMED_OUT,
    "smaller": Fate.SAME_CODE,
}


@pytest.fixture
def target(tmp_path: Path) -> PaperTarget:
    """Return a target with a log of its own."""
    return PaperTarget(tmp_path / "log")


def judged(
    target: PaperTarget,
    chosen: list[Mutant],
    folder: Path,
    *,
    stop_after: int | None = None,
    workers: int = 2,
) -> dict[str, Verdict]:
    """Judge mutants; the user interrupts after some of them."""
    verdicts: dict[str, Verdict] = {}
    state = State(folder, "Paper", mutants())
    with closing(judge_all(target, chosen, state, workers=workers, seed=1)) as judging:
        for mutant, verdict in judging:
            verdicts[mutant.id] = verdict
            if len(verdicts) == stop_after:
                raise KeyboardInterrupt
    return verdicts


def of(*functions: str) -> list[Mutant]:
    """Return the mutants of some functions."""
    return [mutant for mutant in mutants() if mutant.function in functions]


def test_mutants__of_every_end__are_counted_apart(target: PaperTarget, tmp_path: Path) -> None:
    """Equal code and invalid ones do not count; time-outs and survivors do, equivalent or not."""
    chosen = [mutant for mutant in one_of_a_line(mutants()) if mutant.function in FATES]
    verdicts = judged(target, chosen, tmp_path)
    assert {mutant.function: verdicts[mutant.id].fate for mutant in chosen} == FATES
    survivor = next(mutant for mutant in chosen if mutant.function == "survives")
    counted = count(chosen, verdicts, {survivor.id: Equivalent(survivor.id, "", "")})
    assert counted.cells == ["7", "1", "1", "0", "1", "1", "2", "1", "50.0 %"]
    assert counted.scored == 4
    assert count(mutants(), verdicts, {}).score == "not all were run"


def test_second_run__after_an_interrupt__goes_on_where_it_was(target: PaperTarget, tmp_path: Path) -> None:
    chosen = of("killed", "survives", "tested")
    with pytest.raises(KeyboardInterrupt):
        judged(target, chosen, tmp_path, stop_after=2)
    verdicts = judged(target, chosen, tmp_path)
    assert len(verdicts) == len(chosen)
    assert len(chosen) <= len(target.looked_at()) <= len(chosen) + 2  # two were at work
    assert judged(target, chosen, tmp_path) == verdicts
    assert len(target.looked_at()) <= len(chosen) + 2


def test_interrupt__where_sigterm_is_ignored__ends_all_processes(target: PaperTarget, tmp_path: Path) -> None:
    """A handler that a library has set is not the workers' own: they end when they are asked to."""
    others = set(multiprocessing.active_children())
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with pytest.raises(KeyboardInterrupt):
            judged(target, of("killed"), tmp_path, stop_after=1)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert set(multiprocessing.active_children()) <= others


def test_verdict__of_another_time__counts_where_nothing_changed(target: PaperTarget, tmp_path: Path) -> None:
    """What looks may be better now; a kill stays one for the same code; a line that was cut off is lost."""
    killed, survivor = of("killed")[0], of("survives")[0]
    judged(target, [killed, survivor], tmp_path)
    judged(target, [replace(killed, text=killed.text + "// changed")], tmp_path)
    assert len(target.looked_at()) == 3
    (file,) = tmp_path.glob("*.jsonl")
    lines = file.read_text().replace(tool_digest(), "another")
    file.write_text(lines)
    state = State(tmp_path, "Paper", mutants())
    assert state.known(survivor) is None
    changed = state.known(killed)
    file.write_text(lines[:-20])
    earlier = State(tmp_path, "Paper", mutants()).known(killed)
    assert earlier
    assert changed
    assert replace(changed, seconds=0) == replace(earlier, code=changed.code, seconds=0)
    assert changed.code != earlier.code


def test_killers__of_earlier_mutants__are_given_first(target: PaperTarget, tmp_path: Path) -> None:
    chosen = of("killed")
    judged(target, chosen, tmp_path, workers=1)
    assert [line.split()[-1] for line in target.looked_at()] == ["0"] + ["1"] * (len(chosen) - 1)


def test_selection__of_mutants__is_stable() -> None:
    """A larger sample adds to a smaller one; an id names a change, and no place, and no two are alike."""
    every = mutants()
    assert sample(every, 3, 1) == sample(every, 5, 1)[:3]
    assert sample(every, 3, 1) != sample(every, 3, 2)
    moved = {"Paper.sol": "// a line more\n" + SOURCES["Paper.sol"]}
    ids = [mutant.id for mutant in every]
    assert len(set(ids)) == len(ids)
    assert [mutant.id for mutant in mutants_of(moved, syntax_trees(moved))] == ids

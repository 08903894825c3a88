"""``ringfence campaign``: what it prints, and how it exits."""

import json
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result
from isolated_margin import liquidation
from ringfence.cli.group import ringfence
from ringfence.engine.explorer import Explorer
from ringfence.measure.coverage.points import Way
from ringfence.measure.coverage.tracing import BranchTracer
from ringfence.report.files import read
from ringfence.types.actions import CallSequence, Step
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.rules import hypothesis_campaign as campaign


def run(*options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(ringfence, ["campaign", *options])


def interrupt(*_: object) -> NoReturn:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("option", "amount"), [("--seconds", "0"), ("--seconds", "-5"), ("--runs", "0"), ("--steps", "0")]
)
def test_budget__not_positive__is_refused_in_one_sentence(option: str, amount: str) -> None:
    """Nothing is searched for no time."""
    refused = run(option, amount)
    assert refused.exit_code == ExitCode.CANNOT_TELL
    assert refused.output == f"Error: {option} must be at least 1, not {amount}.\n"


@pytest.mark.parametrize(
    "with_what", [("--engine", "hypothesis"), ("--workers", "2"), ("--adapter", "a.py:A")]
)
def test_branches__where_they_guide_nothing__are_refused(with_what: tuple[str, str]) -> None:
    """Only the explorer's own process on our own vault looks at branches; elsewhere that is said."""
    refused = run("--branches", "--steps", "10", *with_what)
    assert refused.exit_code == ExitCode.CANNOT_TELL
    assert refused.output.startswith("Error: --branches guide one process of --engine explorer")


def test_branches__of_a_search__are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a search does is shown to the marked contracts, and some of it is new to them."""
    seen: list[int] = []
    look = BranchTracer.new

    def looked(tracer: BranchTracer, market: str, program: CallSequence) -> frozenset[Way]:
        found = look(tracer, market, program)
        seen.append(len(found))
        return found

    monkeypatch.setattr(BranchTracer, "new", looked)
    run("--branches", "--steps", "300", "--seed", "1")
    assert any(seen)


@pytest.mark.parametrize(
    ("engine", "place", "name"),
    [("hypothesis", campaign, "_batch"), ("explorer", Explorer, "_explore")],
    ids=("hypothesis", "explorer"),
)
def test_interrupt__tells_what_was_done_and_exits_130(
    engine: str, place: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is no failure of the search: the tally so far is printed, and the seed that was drawn."""
    monkeypatch.setattr(place, name, interrupt)
    stopped = run("--seconds", "30", "--engine", engine)
    assert stopped.exit_code == ExitCode.INTERRUPTED
    assert stopped.output.startswith("seed ")
    assert "Interrupted; this is what was done." in stopped.output


@pytest.mark.parametrize("engine", ["explorer", "hypothesis"])
def test_search__nothing_found__exits_by_what_is_missing(engine: str, tmp_path: Path) -> None:
    """A run without a disagreement fails only for what never came up; the file holds the same counts."""
    file = tmp_path / "tally.json"
    done = run("--runs", "1", "--seed", "1", "--tally", str(file), "--engine", engine)
    told = json.loads(file.read_text())
    assert (done.exit_code == ExitCode.FAILED) == ("missing: " in done.output) == bool(told["missing"])
    assert told["disagreement"] is None
    assert f"{told['steps']:,} steps on vault and model" in done.output


def test_search__something_found__prints_a_program_to_paste(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The program is Python, the finding's file can be replayed, and the exit code says so."""
    monkeypatch.setattr(liquidation, "ROUNDING_SLACK", liquidation.ROUNDING_SLACK - 1)
    file = tmp_path / "new" / "finding.json"
    failed = run("--runs", "120", "--seed", "1", "--findings", str(file.parent))
    assert failed.exit_code == ExitCode.FAILED
    text = failed.output.partition("PROGRAM = ")[2].partition("\n)\n")[0] + "\n)"
    program = eval(text, vars(actions) | {"Step": Step})
    assert isinstance(program[-1].action, actions.Liquidate)
    assert read(file).program == program
    replayed = CliRunner().invoke(ringfence, ["replay", str(file)])
    assert "It still reproduces on revm, at step" in replayed.output

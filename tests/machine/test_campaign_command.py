"""``ringfence campaign``: what it prints, and how it exits."""

import json
import re
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result
from isolated_margin import liquidation
from ringfence.cli.group import ringfence
from ringfence.engine.search import Search
from ringfence.measure.coverage.reached import Way
from ringfence.measure.coverage.tracing import BranchTracer
from ringfence.report.files import read
from ringfence.types.actions import CallSequence
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin import actions


def run(*options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(ringfence, ["campaign", *options])


def interrupt(*_: object) -> NoReturn:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--seconds", "0"), "--seconds must be at least 1, not 0."),
        (("--seconds", "-5"), "--seconds must be at least 1, not -5."),
        (("--runs", "0"), "--runs must be at least 1, not 0."),
        (("--steps", "0"), "--steps must be at least 1, not 0."),
        (
            ("--branches", "--steps", "10", "--workers", "2"),
            "--branches guide one process: leave --workers, --ray and --market drawn out.",
        ),
    ],
)
def test_options__impossible__are_refused_in_one_sentence(options: tuple[str, ...], sentence: str) -> None:
    refused = run(*options)
    assert refused.exit_code == ExitCode.CANNOT_TELL
    assert refused.output == f"Error: {sentence}\n"


def test_branches__of_a_search__are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    look = BranchTracer.new

    def looked(tracer: BranchTracer, market: str, sequence: CallSequence) -> frozenset[Way]:
        found = look(tracer, market, sequence)
        seen.append(len(found))
        return found

    monkeypatch.setattr(BranchTracer, "new", looked)
    done = run("--branches", "--steps", "300", "--seed", "1")
    assert any(seen)
    assert re.search(r"\d+ of \d+ branches of the Solidity were taken by sequences", done.output)


def test_interrupt__shows_what_was_done_and_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no failure of the search: the counts so far are printed, and the seed that was drawn."""
    monkeypatch.setattr(Search, "_round", interrupt)
    stopped = run("--seconds", "30")
    assert stopped.exit_code == ExitCode.INTERRUPTED
    assert stopped.output.startswith("seed ")
    assert "Interrupted; this is what was done." in stopped.output


def test_search__nothing_found__exits_by_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "tally.json"
    done = run("--runs", "1", "--seed", "1", "--stats", str(file))
    written = json.loads(file.read_text())
    assert done.exit_code == ExitCode.FAILED
    assert written["missing"]
    assert all(f"missing: {each}" in done.output for each in written["missing"])
    assert written["findings"] == []
    assert f"{written['steps']:,} steps in" in done.output


def test_search__finding__writes_a_sequence_to_paste(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(liquidation, "ROUNDING_SLACK", liquidation.ROUNDING_SLACK - 1)
    file = tmp_path / "new" / "finding.json"
    failed = run("--steps", "30000", "--seed", "1", "--findings", str(file.parent))
    assert failed.exit_code == ExitCode.FAILED
    *_, last = re.findall(r"vault\.(\w+)\(", (file.parent / "test_finding.py").read_text())
    assert last == "liquidate"
    assert isinstance(read(file).sequence[-1].action, actions.Liquidate)
    replayed = CliRunner().invoke(ringfence, ["replay", str(file)])
    assert "It still reproduces on revm, at step" in replayed.output

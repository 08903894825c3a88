"""``ringfence check``: each action tried, the first refusal, what one more line would win, how it exits."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.types.exit_codes import ExitCode

ROOT = Path(__file__).parents[2]
NOTIONAL = ROOT / "examples" / "notional-vault" / "adapter.py"
PAPER = f"{Path(__file__).parent / 'paper_vault.py'}:PaperVault"
UNFILLED = """
import ringfence as rf
from tests.byo.paper_vault import PaperVault

class Unfilled(PaperVault):
    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return rf.Refused("Unfilled", ("say how a position is closed",))
"""


def checked(*options: str) -> Result:
    """Run the command on a wide terminal."""
    return CliRunner().invoke(ringfence, ["check", *options], env={"COLUMNS": "200"})


def row(result: Result, head: str) -> list[str]:
    """Return the parts of the table's row that begins so."""
    (line,) = [line for line in result.output.splitlines() if line.startswith(head)]
    return line.split()


def test_check__working_adapter__shows_what_was_tried_and_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    done = checked("--adapter", str(NOTIONAL))
    assert done.exit_code == ExitCode.CLEAN, done.output
    name, tried, accepted, error, *_ = row(done, "Open")
    assert (name, error) in {("Open", each) for each in ("NotEnoughMargin", "StalePrice", "AlreadyOpen")}
    assert 0 < int(accepted) < int(tried)


def test_check__property_that_lacks_one_thing__is_next_to_the_line_that_wins_it() -> None:
    done = checked("--adapter", str(NOTIONAL), "--steps", "50")
    assert row(done, "@rf.action(rf.DECREASES)")[-1] == "VAL-3"
    assert row(done, "rf.Ability.GAS and an attribute gas_used")[-1] == "GAS-1"


def test_check__action_that_is_never_accepted__fails_with_its_text(tmp_path: Path) -> None:
    file = tmp_path / "unfilled.py"
    file.write_text(UNFILLED)
    done = checked("--adapter", str(file), "--steps", "100")
    assert done.exit_code == ExitCode.FAILED
    assert row(done, "Close")[2:] == ["0", "Unfilled", "say", "how", "a", "position", "is", "closed"]
    assert "adapter: Close was never accepted." in done.output


def test_check__violation__is_not_its_business() -> None:
    bug = f"{NOTIONAL.parent / 'seeded_bugs.py'}:LossTakenFromTheOtherSide"
    assert checked("--adapter", bug).exit_code == ExitCode.CLEAN


def test_check__adapter_at_fault__is_one_sentence() -> None:
    done = checked("--adapter", f"{Path(__file__).parent / 'test_bad_adapters.py'}:Failing")
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert done.output.splitlines()[-1].startswith("Error: Failing.apply raised LookupError")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import ringfence as rf\n", "defines no adapter: derive a class from ringfence.Adapter."),
        (
            "import ringfence as rf\nclass A(rf.Adapter): ...\nclass B(rf.Adapter): ...\n",
            "defines A, B: write {file}:A for the first.",
        ),
    ],
)
def test_check__file_without_one_adapter__is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "adapters.py"
    file.write_text(text)
    done = checked("--adapter", str(file))
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert done.output == f"Error: {file} {sentence.format(file=file)}\n"

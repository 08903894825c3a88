"""A call sequence that a person wrote is carried out, and says what it violates, or where it is wrong."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.types.exit_codes import ExitCode

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "notional-vault"
SOUND, BROKEN = "adapter.py:NotionalVault", "seeded_bugs.py:LossTakenFromTheOtherSide"
GUIDE = (ROOT / "docs" / "bring-your-own-vault.md").read_text()
(STEPS,) = re.findall(r'```\n(open\("trader_3".*?)\n```', GUIDE, re.DOTALL)


def checked(adapter: str, steps: str, folder: Path) -> Result:
    """Check an adapter by the steps in a file."""
    (folder / "steps.txt").write_text(steps)
    arguments = ["check", "--adapter", f"{EXAMPLE}/{adapter}", "--steps", str(folder / "steps.txt")]
    return CliRunner().invoke(ringfence, arguments)


def test_steps__of_the_guide__violate_what_the_bug_breaks(tmp_path: Path) -> None:
    done = checked(BROKEN, STEPS, tmp_path)
    assert "ISO-1: A transaction changes no field of any position but the one it names." in done.output
    assert "liquidate position 2" in done.output
    assert done.exit_code == ExitCode.FAILED


def test_steps__on_the_sound_vault__violate_nothing(tmp_path: Path) -> None:
    done = checked(SOUND, f"# as methods, as in a test\nvault.{STEPS}", tmp_path)
    assert done.output.endswith("4 steps violate nothing.\n")
    assert done.exit_code == ExitCode.CLEAN


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ("open(", "steps.txt:1: this is no call: '(' was never closed."),
        ("\nprice = 5", "steps.txt:2: write a call of an action: close("),
        ('opened("trader_1")', "steps.txt:1: the vault has no action opened: did you mean open?"),
        ('close("trader_1")', "close takes account, position and wait, and is given account."),
        ('close("trader_1", position="x")', "position is 'x', and not what it should be."),
        ("close(7, position=1)", "account is 7, and not an account."),
        ('close("trader_1", position=f(1))', "f(1) is no number, text or truth value."),
        ('close("trader_1", position=1 // 0)', "1 // 0 has no value: "),
        ('close("trader_1", position=1, wait=-1)', "wait is -1, and no number of seconds."),
    ],
)
def test_steps__wrong__are_named_with_file_and_line(steps: str, sentence: str, tmp_path: Path) -> None:
    done = checked(SOUND, steps, tmp_path)
    assert sentence in " ".join(done.output.split())
    assert done.exit_code == ExitCode.CANNOT_TELL


def test_steps__no_such_file__is_one_sentence() -> None:
    done = CliRunner().invoke(
        ringfence, ["check", "--adapter", f"{EXAMPLE}/{SOUND}", "--steps", "nowhere.txt"]
    )
    assert "nowhere.txt: No such file or directory." in done.output
    assert done.exit_code == ExitCode.CANNOT_TELL

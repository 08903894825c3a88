"""`ringfence replay` and `ringfence explain`: what they say, what they write, how they exit."""

import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.findings import finding_of
from ringfence.engine.target import Target
from ringfence.report.files import write
from ringfence.testing import assert_holds
from ringfence.types.actions import Step
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import BrokenProperty, Cause
from ringfence.types.roles import TRADERS
from ringfence.vaults.isolated_margin.actions import Open
from ringfence.vaults.isolated_margin.markets import INFINITE, PLAIN, SIZE

from tests.report.samples import SOUND, finding

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner(mix_stderr=False).invoke(ringfence, [str(argument) for argument in arguments])


def test_replay__on_a_sound_vault__exits_with_0_and_says_that_it_is_another(file: Path) -> None:
    """The vault was repaired: its code is not the finding's any more, and nothing is wrong."""
    write(replace(finding(), vault=replace(finding().vault, code="sha256:" + "0" * 64)), file)
    done = run("replay", file, "--vault", SOUND)
    assert done.exit_code == 0
    assert "It does not reproduce on revm: nothing is wrong in 2 steps." in done.stdout
    assert done.stderr == "This vault's code is not the finding's: it was changed, or is another.\n"


def test_replay__of_a_property__looks_at_the_property(file: Path) -> None:
    """A property that nobody breaks is not reported, but the model's difference is."""
    write(replace(finding(), cause=Cause(BrokenProperty("ISO-1", "Sentence.", "Complaint"), ())), file)
    done = run("replay", file, "--vault", "tests.report.broken:ForgetfulOfTheLast")
    assert done.exit_code == 0
    assert "ISO-1: Sentence." in done.stdout


@pytest.mark.parametrize("chain", ["revm", "eth-tester", "anvil"])
def test_replay__on_every_chain__still_reproduces_and_exits_with_1(file: Path, chain: str) -> None:
    """In a process of its own, as a user runs it; Ape's chains live as long as a process."""
    command = [sys.executable, "-c", "from ringfence.cli.main import main; main()"]
    done = subprocess.run(
        [*command, "replay", file, "--chain", chain], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stdout.endswith(f"It still reproduces on {chain}, at step 2 of 2.\n"), done.stderr
    assert "add margin position 1, 100" in done.stdout
    assert done.returncode == ExitCode.FAILED


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "line 1, column 2: the file is cut off."),
        ('{"schema": "ringfence.finding/9"}', "schema: version 9 is not the version 4 that is read here."),
        ("[]", "schema: this is no finding of Ringfence."),
    ],
)
@pytest.mark.parametrize("command", ["replay", "explain"])
def test_command__bad_file__one_sentence(tmp_path: Path, command: str, content: str, expected: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)
    done = run(command, path)
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {path}, ")
    assert done.stderr.endswith(f"{expected}\n")


@pytest.mark.parametrize(
    ("vault", "expected"),
    [
        ("nowhere:Vault", "There is no module nowhere"),
        (
            "tests.report.broken:Oversized",
            "Oversized can't be deployed on revm in market standard: it reverts, or its code is too large.",
        ),
    ],
)
def test_replay__a_vault_that_cannot_start__is_one_sentence(file: Path, vault: str, expected: str) -> None:
    done = run("replay", file, "--vault", vault)
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1


def test_replay__a_vault_that_differs_at_once__says_that_it_is_the_opening(file: Path) -> None:
    done = run("replay", file, "--vault", "tests.report.broken:ForgetfulAtTheOpening")
    assert done.exit_code == ExitCode.FAILED
    assert done.stdout.endswith("It still reproduces on revm, at the opening.\n")


def test_commands__of_a_seeded_bug_s_finding__take_its_code_of_any_size(tmp_path: Path) -> None:
    bug = "isolated-margin(no close while paused)"
    opened = Step(Open(TRADERS[0], SIZE, 20 * SIZE, INFINITE, INFINITE), 1)
    found = finding_of(Target.named(bug).system(PLAIN), bug, 1, (opened,), "EXI-1")
    assert found is not None
    write(found, tmp_path / "bug.json")
    assert run("replay", tmp_path / "bug.json").exit_code == ExitCode.FAILED
    assert run("explain", tmp_path / "bug.json").exit_code == ExitCode.CLEAN
    with pytest.raises(AssertionError, match="EXI-1"), assert_holds(bug, "EXI-1", market="plain") as vault:
        vault.sequence += (opened,)


def test_explain__a_finding__says_what_to_do(file: Path) -> None:
    done = run("explain", file)
    assert done.exit_code == 0
    output = " ".join(done.output.split())
    assert "positions[1].margin: the vault is not where its model is." in output
    assert "positions[1].margin 2,090 2,089.999999 -0.000001" in output
    assert "The rule is in docs/rules.md, under “What a trader does”." in output
    assert f"ringfence replay {file}" in output


def test_explain__with_another_vault_by_file__shows_what_that_does(file: Path) -> None:
    done = run("explain", file, "--vault", f"{Path(__file__).parent / 'broken.py'}:ForgetfulOfTheLast")
    assert done.exit_code == 0
    assert "broken.py:ForgetfulOfTheLast" in done.stdout
    assert "positions[1].margin 2,090" not in " ".join(done.stdout.split())


def test_replay__with_a_vault_by_file__is_that_one(file: Path) -> None:
    """Also where the finding's own vault can't be had any more."""
    moved = replace(finding().vault, id="Gone", file=str(file.parent / "gone.py"))
    write(replace(finding(), vault=moved), file)
    assert "gone.py: there is no such file." in run("replay", file).stderr
    again = run("replay", file, "--vault", f"{Path(__file__).parent / 'broken.py'}:Forgetful")
    assert again.exit_code == ExitCode.FAILED


def test_explain__asked_for_files__writes_them(file: Path, tmp_path: Path) -> None:
    stored, solidity, picture, section = (
        tmp_path / name for name in ("test_x.py", "X.t.sol", "x.svg", "x.md")
    )
    written = "--pytest", stored, "--foundry", solidity, "--picture", picture, "--markdown", section
    done = run("explain", file, *written)
    assert done.exit_code == 0, done.output
    assert "def test_positions_1_margin" in stored.read_text()
    assert "contract positions1marginTest" in solidity.read_text()
    assert "<svg" in picture.read_text()
    assert section.read_text().startswith("## positions[1].margin: ")


@pytest.mark.parametrize(
    ("option", "name", "expected"),
    [
        ("--picture", "x.bmp", "--picture takes .svg, .png or .pdf"),
        ("--pytest", "nowhere/x.py", "No such file or directory"),
    ],
)
def test_explain__a_file_that_cannot_be_written__is_reported(
    file: Path, tmp_path: Path, option: str, name: str, expected: str
) -> None:
    done = run("explain", file, option, tmp_path / name)
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert expected in done.stderr


def test_version__is_the_distribution_s() -> None:
    done = run("--version")
    assert done.exit_code == 0
    assert version("ringfence") in done.output

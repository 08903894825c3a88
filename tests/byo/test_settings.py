"""Without arguments: the adapter of the folder, and options from a file there."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.types.exit_codes import ExitCode

EXAMPLE = Path(__file__).parents[2] / "examples" / "notional-vault"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go into a project's folder with an adapter."""
    shutil.copytree(EXAMPLE / "contracts", tmp_path / "contracts")
    shutil.copy(EXAMPLE / "adapter.py", tmp_path / "ringfence_adapter.py")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(ringfence, arguments)


def test_campaign__without_arguments__finds_the_adapter(folder: Path) -> None:
    done = run("campaign", "--steps", "50", "--seed", "4")
    assert done.output.startswith("seed 4; ringfence_adapter.py:NotionalVault on revm")


@pytest.mark.parametrize(("file", "head"), [("pyproject.toml", "[tool.ringfence]\n"), ("ringfence.toml", "")])
def test_campaign__options_in_a_file__hold_unless_the_command_line_says_otherwise(
    file: str, head: str, folder: Path
) -> None:
    (folder / file).write_text(f'{head}seed = 7\nsteps = 40\ncorpus = "found"\n')
    assert run("campaign").output.startswith("seed 7; ")
    assert (folder / "found").is_dir()
    assert run("campaign", "--seed", "8").output.startswith("seed 8; ")


def test_options__of_one_command__are_in_its_table(folder: Path) -> None:
    (folder / "ringfence.toml").write_text("seed = 7\nsteps = 40\n[check]\nseed = 9\n")
    assert " steps, seed 9\n" in run("check").output
    assert run("campaign").output.startswith("seed 7; ")


def test_coverage__corpus_of_campaigns__is_not_run_in_place_of_a_search(folder: Path) -> None:
    (folder / "ringfence.toml").write_text('seed = 7\nsteps = 20\ncorpus = "found"\n')
    assert "seed 7" in run("coverage").output


def test_settings__for_other_commands__are_not_read(folder: Path) -> None:
    (folder / "ringfence.toml").write_text("sede = 7\n")
    assert "there is no option" not in run("replay", "nothing.json").output


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sede = 7\n", "ringfence.toml: there is no option sede: did you mean seed?"),
        ("[campaign]\nsede = 7\n", "ringfence.toml: there is no option campaign.sede: did you mean seed?"),
        ("check = 7\n", "ringfence.toml: check is a command: write its options into a table of that name."),
        ("seed = \n", "ringfence.toml: no TOML: Invalid value (at line 1, column 8)."),
    ],
)
def test_settings__wrong__are_one_sentence_with_the_file(text: str, sentence: str, folder: Path) -> None:
    (folder / "ringfence.toml").write_text(text)
    done = run("campaign", "--steps", "10")
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert done.output == f"Error: {sentence}\n"


def test_settings__value_of_another_type__is_clicks_own_sentence(folder: Path) -> None:
    (folder / "ringfence.toml").write_text('seed = "many"\n')
    done = run("campaign", "--steps", "10")
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert "'many' is not a valid integer" in done.output

"""``ringfence mutants`` says in one sentence why it can't begin, and what it found when it could."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli import mutants as command
from ringfence.cli.mutants import mutants
from ringfence.measure.mutation.target import Unfit

from tests.mutants.paper_target import PaperTarget

ROOT = Path(__file__).parents[2]
PAPER_VAULT = f"{ROOT / 'tests/byo/paper_vault.py'}:PaperVault"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperTarget:
    """Put a target that is judged in no time in the place of the vault."""
    paper = PaperTarget(tmp_path / "log")
    monkeypatch.setattr(command, "_target", lambda adapter: paper)
    return paper


def run(tmp_path: Path, *words: str) -> tuple[int, str]:
    """Return how the command ends, and what it prints."""
    result = CliRunner().invoke(mutants, ["--state", str(tmp_path / "state"), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def empty_list(tmp_path: Path) -> str:
    """Return the name of a list without arguments."""
    path = tmp_path / "argued.yaml"
    path.write_text("[]")
    return str(path)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--operators", "nonsense"], "There is no operator 'nonsense'; there are domain, generic, "),
        (["--files", "Nothing.sol"], "No mutant is selected: no file is called Nothing.sol, only Paper.sol."),
        (["--operators", "cap"], "No mutant is selected: the operators change nothing in these files."),
        (["--sample", "0"], "--sample must be at least 1, not 0."),
        (["--workers", "-1"], "--workers must be at least 1, not -1."),
        (["--argued", "nowhere.yaml"], "nowhere.yaml: No such file or directory."),
    ],
)
def test_mutants__asked_for_what_there_is_not__begins_nothing(
    target: PaperTarget, tmp_path: Path, words: list[str], told: str
) -> None:
    """One sentence, and not one mutant judged."""
    code, output = run(tmp_path, "--argued", empty_list(tmp_path), *words)
    assert code in (1, 2)
    assert output.startswith(f"Error: {told}")
    assert output.count("\n") == 1
    assert target.looked_at() == []


def test_mutants__of_a_vault_that_is_complained_of__begins_nothing(
    target: PaperTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What notices the unbroken vault would notice every mutant."""

    def complain() -> None:
        raise Unfit("ISO-1 complains of the unbroken vault: it was seen.")

    monkeypatch.setattr(target, "check", complain)
    code, output = run(tmp_path, "--argued", empty_list(tmp_path))
    assert (code, output) == (2, "Error: ISO-1 complains of the unbroken vault: it was seen.\n")
    assert target.looked_at() == []


@pytest.mark.parametrize(
    ("adapter", "told"),
    [
        ("nowhere.py:Vault", "there is no such file"),
        (PAPER_VAULT, "compiles nothing by ringfence.evm.projects.solidity, so there is no Solidity"),
    ],
)
def test_mutants__of_an_adapter_without_solidity__begins_nothing(
    tmp_path: Path, adapter: str, told: str
) -> None:
    """There must be sources that a mutant can be put into."""
    code, output = run(tmp_path, "--adapter", adapter)
    assert code == 2
    assert told in output
    assert output.count("\n") == 1


def test_mutants__that_survive__are_shown_with_their_diffs_and_fail(
    target: PaperTarget, tmp_path: Path
) -> None:
    """A survivor that nobody argues is the command's failure; the score and the matrix count it."""
    file = tmp_path / "matrix.json"
    words = ("--argued", empty_list(tmp_path), "--operators", "arithmetic", "--matrix", str(file))
    code, output = run(tmp_path, *words)
    assert code == 1
    assert "-    function survives(uint256 y) external { x = 20 + y; }" in output
    assert "+    function survives(uint256 y) external { x = 20 - y; }" in output
    assert "Score 50.0 %: 2 of 4 that count were noticed" in output
    matrix = json.loads(file.read_text())
    assert matrix["total"]["score"] == "50.0 %"
    ends = {mutant["function"]: mutant["fate"] for mutant in matrix["mutants"]}
    assert ends["survives"] == "survived"
    standing = next(each for each in matrix["properties"] if each["id"] == "ISO-1")
    assert standing == {"id": "ISO-1", "first": 1, "broken": 1, "alone": 0}


def test_mutants__all_killed_or_argued__succeed(target: PaperTarget, tmp_path: Path) -> None:
    """An argument is as good as a kill for the exit code, not for the score."""
    words = ("--operators", "arithmetic", "--files", "*.sol")
    _, output = run(tmp_path, "--argued", empty_list(tmp_path), *words)
    alive = [line.split()[0] for line in output.splitlines() if ": Paper.sol:" in line]
    argued = tmp_path / "argued.yaml"
    file = tmp_path / "matrix.json"
    run(tmp_path, "--argued", str(argued), *words, "--matrix", str(file))
    changes = {mutant["id"]: mutant["change"] for mutant in json.loads(file.read_text())["mutants"]}
    entries = [
        {"mutant": mutant, "change": changes[mutant], "why": "It was only made to show this."}
        for mutant in alive
    ]
    argued.write_text(json.dumps(entries))
    code, output = run(tmp_path, "--argued", str(argued), *words)
    assert code == 0, output
    assert "Score 50.0 %: 2 of 4 that count were noticed, 2 survivors are argued, 0 are not" in output


@pytest.mark.slow
def test_mutants__of_the_notional_vault__are_noticed_by_its_laws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody but the properties knows how that vault should be, and they see that it pays too much."""
    monkeypatch.setenv("SOLC", str(next((ROOT / ".tools/solc").glob("solc-v*"))))
    adapter = f"{ROOT / 'examples/notional-vault/adapter.py'}:NotionalVault"
    file = tmp_path / "matrix.json"
    words = ("--adapter", adapter, "--files", "Router.sol", "--operators", "guard", "--matrix", str(file))
    _, output = run(tmp_path, *words)
    matrix = json.loads(file.read_text())
    assert matrix["total"]["killed"] >= 3, output
    assert any(standing["first"] for standing in matrix["properties"] if standing["id"] in ("ACC-1", "LIQ-1"))

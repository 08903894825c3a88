"""``ringfence mutants`` says in one sentence why it can't begin, and what it found when it could."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli import mutants as command
from ringfence.cli.mutants import mutants
from ringfence.measure.mutation.process import Unfit
from ringfence.measure.mutation.target import MutationTarget
from ringfence.types.finding import CauseKey

from tests.mutants.paper_target import PaperTarget

ROOT = Path(__file__).parents[2]
PAPER_VAULT = f"{ROOT / 'tests/byo/paper_vault.py'}:PaperVault"
NOTIONAL = f"{ROOT / 'examples/notional-vault/adapter.py'}:NotionalVault"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperTarget:
    """Put a target that is judged in no time in the place of the vault."""
    paper = PaperTarget(tmp_path / "log")
    monkeypatch.setattr(command, "MutationTarget", lambda adapter, known: paper)
    return paper


def run(tmp_path: Path, *words: str) -> tuple[int, str]:
    """Return how the command ends, and what it prints."""
    result = CliRunner().invoke(mutants, ["--state", str(tmp_path / "state"), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def assert_refused(done: tuple[int, str], reason: str) -> None:
    """Assert that the command ended with one sentence."""
    code, output = done
    assert code in (1, 2)
    assert output.startswith(f"Error: {reason}")
    assert output.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--operators", "nonsense"], "There is no operator 'nonsense'; there are domain, generic, "),
        (["--files", "Nothing.sol"], "No mutant is selected: no file is called Nothing.sol, only Paper.sol."),
        (["--operators", "cap"], "No mutant is selected: the operators change nothing in these files."),
        (["--sample", "0"], "--sample must be at least 1, not 0."),
        (["--workers", "-1"], "--workers must be at least 1, not -1."),
        (
            ["--known", "nowhere.json"],
            "nowhere.json: No such file or directory: write it by --remember first.",
        ),
        (["--equivalent", "nowhere.yaml"], "nowhere.yaml: No such file or directory"),
    ],
)
def test_mutants__asked_for_what_there_is_not__begins_nothing(
    target: PaperTarget, tmp_path: Path, words: list[str], reason: str
) -> None:
    assert_refused(run(tmp_path, *words), reason)
    assert target.looked_at() == []


def test_mutants__of_a_vault_with_a_violation__begins_nothing(
    target: PaperTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What notices the unchanged vault would notice every mutant."""

    def refuse() -> None:
        raise Unfit("ISO-1 is violated by the vault without a mutant: it was seen.")

    monkeypatch.setattr(target, "check", refuse)
    assert_refused(run(tmp_path), "ISO-1 is violated by the vault without a mutant: it was seen.\n")
    assert target.looked_at() == []


@pytest.mark.parametrize(
    ("adapter", "reason"),
    [
        ("/nowhere.py:Vault", "/nowhere.py: there is no such file"),
        (
            PAPER_VAULT,
            f"{PAPER_VAULT} compiles nothing by ringfence.evm.projects.solidity, so there is no Solidity",
        ),
    ],
)
def test_mutants__without_solidity__begins_nothing(tmp_path: Path, adapter: str, reason: str) -> None:
    assert_refused(run(tmp_path, "--adapter", adapter), reason)


def test_mutants__that_survive__are_shown_and_fail_until_listed(target: PaperTarget, tmp_path: Path) -> None:
    file, listed = tmp_path / "matrix.json", tmp_path / "equivalent.yaml"
    words = ("--operators", "arithmetic", "--matrix", str(file))
    code, output = run(tmp_path, *words)
    assert code == 1
    assert "-    function survives(uint256 y) external { x = 20 + y; }" in output
    assert "+    function survives(uint256 y) external { x = 20 - y; }" in output
    assert "Score 50.0 %: 2 of 4 that count were noticed, 0 survivors are equivalent, 2 are not" in output
    matrix = json.loads(file.read_text())
    assert matrix["total"]["score"] == "50.0 %"
    standing = next(each for each in matrix["properties"] if each["id"] == "ISO-1")
    assert standing == {"id": "ISO-1", "first": 1, "broken": 1, "alone": 0}
    alive = [each for each in matrix["mutants"] if each["fate"] in ("survived", "timed out")]
    entries = [
        {"mutant": each["id"], "change": each["change"], "why": "It was only made to show this."}
        for each in alive
    ]
    listed.write_text(json.dumps(entries))
    code, output = run(tmp_path, "--equivalent", str(listed), *words)
    assert code == 0, output
    assert "Score 50.0 %: 2 of 4 that count were noticed, 2 survivors are equivalent, 0 are not" in output


@pytest.mark.slow
def test_mutants__of_the_notional_vault__are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That vault has no model: properties alone see that it pays too much."""
    monkeypatch.setenv("SOLC", str(next((ROOT / ".tools/solc").glob("solc-v*"))))
    file = tmp_path / "matrix.json"
    words = ("--adapter", NOTIONAL, "--files", "Router.sol", "--operators", "guard", "--matrix", str(file))
    _, output = run(tmp_path, *words)
    matrix = json.loads(file.read_text())
    assert matrix["total"]["killed"] >= 3, output
    assert any(each["first"] for each in matrix["properties"] if each["id"] in ("ACC-1", "LIQ-1"))


def test_mutants__of_a_vault_whose_violations_are_known__passes_them_over() -> None:
    """What the unchanged vault has notices no mutant."""
    vault = f"{NOTIONAL.replace('adapter.py:NotionalVault', 'seeded_bugs.py:MissingOwnerCheck')}"
    with pytest.raises(Unfit, match=r"ACC-1 is violated by the vault without a mutant: .* `--known FILE`"):
        MutationTarget(vault).check()
    causes = frozenset({CauseKey("ACC-1", "Close")})
    MutationTarget(vault, causes).check()
    assert MutationTarget(vault, causes).state_name != MutationTarget(vault).state_name

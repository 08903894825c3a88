"""Coverage of whole vaults: ours by a search next to the model, any other by its adapter."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.corpus.corpus import Corpus
from ringfence.engine.corpus.entry import Entry
from ringfence.measure.coverage.search import CoverageSearch
from ringfence.measure.coverage.target import InstrumentedTarget
from ringfence.measure.coverage.unreached import UnreachedWay, mistakes, reasons
from ringfence.measure.exceptions import entries_in
from ringfence.types.actions import Step
from ringfence.types.exit_codes import ExitCode
from ringfence.types.roles import PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin.actions import Deposit, Open
from ringfence.vaults.isolated_margin.target import our_vault

OURS = "isolated-margin"
NOTIONAL = "examples/notional-vault/adapter.py:NotionalVault"
ROOT = Path(__file__).resolve().parents[2]
MOST = 2**256 - 1
NEEDED = 98  # percent of all branches
RARE = 2  # branches that a minute may miss


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(ringfence, ["coverage", *map(str, arguments)])


@pytest.mark.slow
def test_search__in_a_minute__reaches_nearly_every_branch_that_has_no_reason_not_to() -> None:
    """At least 98 % of our branches and every function; nothing listed as out of reach is reached."""
    search = CoverageSearch(InstrumentedTarget(OURS), 1)
    assert search.run(Budget(None, None, 60_000))[1] == ""
    reached, known = (
        search.target.reached(),
        entries_in(search.target.measurements.unreachable, UnreachedWay, "reason"),
    )
    assert reached.way_share.percent >= NEEDED
    assert reached.uncalled() == []
    assert list(mistakes(reached, known)) == []
    unexplained = set(reached.missed()) - reasons(reached.missed(), known).keys()
    assert len(unexplained) <= RARE, unexplained


@pytest.mark.slow
def test_search__of_one_seed__reaches_the_same_again() -> None:
    """The seed alone decides what is reached."""
    searches = [CoverageSearch(InstrumentedTarget(OURS), 7) for _ in range(2)]
    done = [search.run(Budget(None, None, 2_000))[0].steps for search in searches]
    assert done[0] == done[1]
    assert searches[0].target.hits() == searches[1].target.hits()


@pytest.mark.slow
def test_command__on_a_vault_by_its_adapter__writes_what_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vault that is not ours has its table, its tracefile and its page, from one short search."""
    monkeypatch.chdir(ROOT)
    lcov, html = tmp_path / "made" / "lcov.info", tmp_path / "coverage.html"
    result = run("--adapter", NOTIONAL, "--steps", "300", "--seed", "1", "--lcov", lcov, "--html", html)
    assert result.exit_code == 0, result.output
    assert "Router.sol" in result.output
    records = lcov.read_text().split("end_of_record\n")[:-1]
    assert any(f"SF:{ROOT}/examples/notional-vault/contracts/Router.sol\n" in record for record in records)
    for record in records:  # as geninfo(1) wants them
        fields = [tuple(line.split(":", 1)) for line in record.splitlines()]
        counts, sums = Counter(field for field, _ in fields), dict(fields)
        assert counts["FN"] == counts["FNDA"] == int(sums["FNF"])
        assert (counts["BRDA"], counts["DA"]) == (int(sums["BRF"]), int(sums["LF"]))
        assert len({value for field, value in fields if field in ("FN", "DA")}) == counts["FN"] + counts["DA"]
    assert "function liquidate" in html.read_text()


@pytest.mark.slow
def test_command__on_a_corpus__shows_what_its_sequences_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ordinary campaign's sequences are done on instrumented contracts: these reach open, and no close."""
    monkeypatch.setenv("COLUMNS", "200")
    target = our_vault()
    sequence = (
        Step(Open(TRADERS[0], 10**18, 10**9, MOST, MOST), 1),
        Step(Deposit(PROVIDERS[0], 10**6, PROVIDERS[0]), 1),
    )
    corpus = Corpus(target.code, target.markets.values(), tmp_path / "corpus", target.actions)
    corpus.add(Entry.of("standard", sequence, (), is_shrunk=False))
    result = run("--corpus", tmp_path / "corpus")
    assert result.exit_code == 0, result.output
    assert "1 runs, 2 steps" in result.output
    assert "IsolatedMarginVault.close called" in result.output
    assert "IsolatedMarginVault.open called" not in result.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--steps", "0"], "--steps must be more than 0, not 0."),
        (["--seconds", "-1"], "--seconds must be more than 0, not -1."),
        (["--adapter", "nowhere.py:Vault"], "there is no such file"),
        (["--corpus", "none", "--steps", "1"], "--corpus takes neither a budget nor a seed"),
        (["--corpus", "none"], "none: there is no such folder."),
    ],
)
def test_command__with_bad_input__says_so_in_one_sentence(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, no verdict; a folder is read and never made."""
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert reason in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())

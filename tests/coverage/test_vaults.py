"""Coverage of whole vaults: ours by a search next to the model, anyone's by its adapter."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.corpus.corpus import Corpus
from ringfence.engine.corpus.entry import Entry
from ringfence.measure.coverage.ours import OurSearch
from ringfence.measure.coverage.search import cover, reached_by
from ringfence.measure.coverage.unreached import entries, mistakes, reasons
from ringfence.types.actions import Step
from ringfence.types.roles import PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin.actions import ALPHABET, Deposit, Open
from ringfence.vaults.isolated_margin.adapter import our_vault
from ringfence.vaults.isolated_margin.markets import MARKETS

from tests.coverage.tracefiles import faults

NOTIONAL = "examples/notional-vault/adapter.py:NotionalVault"
ROOT = Path(__file__).resolve().parents[2]
MOST = 2**256 - 1
NEEDED = 98  # percent of all branches
RARE = 2  # branches that a minute may miss


@pytest.mark.slow
def test_search__in_a_minute__reaches_nearly_every_branch_that_has_no_reason_not_to() -> None:
    """At least 98 % of our branches and every function; nothing listed as out of reach is reached."""
    search = OurSearch(MARKETS, 1)
    done = cover(search, steps=60_000)
    reached = reached_by(search, done)
    assert done.stopped == ""
    assert reached.way_share.percent >= NEEDED
    assert reached.uncalled() == []
    assert list(mistakes(reached, entries())) == []
    unexplained = set(reached.missed()) - reasons(reached.missed(), entries()).keys()
    assert len(unexplained) <= RARE, unexplained


@pytest.mark.slow
def test_search__of_one_seed__reaches_the_same_again() -> None:
    """The seed alone decides what is reached."""
    searches = [OurSearch(MARKETS, 7) for _ in range(2)]
    done = [cover(search, steps=2_000) for search in searches]
    assert done[0].steps == done[1].steps
    assert done[0].hits == done[1].hits


@pytest.mark.slow
def test_command__on_a_vault_by_its_adapter__writes_what_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vault that is not ours has its table, its tracefile and its page, from one short search."""
    monkeypatch.chdir(ROOT)
    lcov, html = tmp_path / "made" / "lcov.info", tmp_path / "coverage.html"
    arguments = ["--adapter", NOTIONAL, "--steps", "300", "--seed", "1", "--lcov", lcov, "--html", html]
    result = CliRunner().invoke(ringfence, ["coverage", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    assert "Router.sol" in result.output
    assert faults(lcov.read_text()) == []
    assert f"SF:{ROOT}/examples/notional-vault/contracts/Router.sol\n" in lcov.read_text()
    assert "function liquidate" in html.read_text()


@pytest.mark.slow
def test_command__on_a_corpus__shows_what_its_programs_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The programs of an ordinary campaign are done on marked contracts: these reach open, and no close."""
    monkeypatch.setenv("COLUMNS", "200")
    setup = MARKETS[0]
    opened = Open(TRADERS[0], 10**18, 10**9, MOST, MOST)
    program = (Step(opened, 1), Step(Deposit(PROVIDERS[0], 10**6, PROVIDERS[0]), 1))
    corpus = Corpus(our_vault().code, MARKETS, tmp_path / "corpus", ALPHABET)
    corpus.add(Entry.of(setup.name, program, (), is_trimmed=False))
    result = CliRunner().invoke(ringfence, ["coverage", "--corpus", str(tmp_path / "corpus")])
    assert result.exit_code == 0, result.output
    assert "1 runs, 2 steps" in result.output
    assert "IsolatedMarginVault.close called" in result.output
    assert "IsolatedMarginVault.open called" not in result.output


def test_command__on_a_corpus_that_is_not_there__says_so(tmp_path: Path) -> None:
    """A folder is read and never made."""
    result = CliRunner().invoke(ringfence, ["coverage", "--corpus", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "none: there is no such folder." in result.output
    assert not (tmp_path / "none").exists()

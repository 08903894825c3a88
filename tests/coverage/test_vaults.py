"""Coverage of whole vaults: ours by the search against the model, anyone's by its adapter."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.commands import ringfence
from tracefiles import faults

NOTIONAL = "examples/notional-vault/adapter.py:NotionalVault"
ROOT = Path(__file__).resolve().parents[2]


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

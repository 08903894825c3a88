"""Findings of a vault as tests: its own actions by their names, in a file that runs by itself."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.loading import load
from ringfence.engine.target import Target
from ringfence.report.advice import advice
from ringfence.report.files import read, write
from ringfence.report.foundry import NotExportable, foundry_test
from ringfence.report.python_test import python_test
from ringfence.testing import Calls
from ringfence.types.actions import Alphabet, CallSequence, Step
from ringfence.types.finding import BrokenProperty, Cause, Finding, VaultId
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin

from tests.byo import declared_vault
from tests.byo.paper_vault import Overwriting
from tests.byo.searches import found_in

HERE = Path(__file__).parent


@cache
def finding() -> Finding:
    """Return what a search finds in a vault on no chain."""
    return found_in(f"{HERE / 'paper_vault.py'}:Overwriting")


def of(adapter: str, sequence: CallSequence | None = None) -> Finding:
    """Return the finding as if it were of another vault, or of another call sequence."""
    whole = replace(finding(), vault=VaultId.named(f"{HERE / adapter}"))
    return whole if sequence is None else replace(whole, sequence=sequence, step=len(sequence))


def module(source: str, folder: Path) -> dict[str, Any]:
    """Return what a test's file defines."""
    path = folder / "test_finding.py"
    path.write_text(source)
    return runpy.run_path(str(path))


def test_python_test__on_the_finding_s_vault__fails_with_its_steps(tmp_path: Path) -> None:
    made = module(python_test(finding(), tmp_path), tmp_path)
    with pytest.raises(AssertionError, match=r"execute position \d[\s\S]*ISO-1: of position"):
        made["test_iso_1"]()


def test_python_test__from_any_folder__finds_the_vault(tmp_path: Path) -> None:
    """By the path from the test's file, wherever the project is moved, and whatever the working directory."""
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (project / "findings").mkdir(parents=True)
    elsewhere.mkdir()
    shutil.copy(HERE / "paper_vault.py", project / "adapter.py")
    of_copy = replace(finding(), vault=VaultId.named(f"{project / 'adapter.py'}:Overwriting"))
    (project / "findings/test_finding.py").write_text(python_test(of_copy, project / "findings"))
    moved = project.rename(tmp_path / "moved")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:ape_test"]
    whole = [*command, str(moved / "findings/test_finding.py")]
    done = subprocess.run(whole, cwd=elsewhere, capture_output=True, text=True, check=False)
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    assert "ISO-1: of position" in done.stdout


def test_explain__of_a_property__points_at_its_own_page(tmp_path: Path) -> None:
    """At the table of properties, or at where the adapter declares it; never at the rules of our vault."""
    write(finding(), tmp_path / "finding.json")
    done = CliRunner().invoke(ringfence, ["explain", str(tmp_path / "finding.json")])
    assert done.exit_code == 0
    assert "The property is in docs/properties.md#iso-1." in done.output
    assert "docs/rules.md" not in done.output
    assert '<a id="iso-1"></a>' in (HERE.parents[1] / "docs/properties.md").read_text()


def test_advice__on_an_adapter_s_own_property__names_its_line() -> None:
    example = HERE.parents[1] / "examples/notional-vault/adapter.py"
    own = replace(finding(), cause=Cause(BrokenProperty("RES-1", "Sentence.", "Message"), ()))
    first, *_ = advice(own, Path("finding.json"), load(f"{example}:NotionalVault"))
    assert re.fullmatch(rf"The property is declared in {re.escape(str(example))}, line \d+\.", first)


def test_python_test__on_a_sound_vault__passes(tmp_path: Path) -> None:
    made = module(python_test(of("paper_vault.py:Patient"), tmp_path), tmp_path)
    made["test_iso_1"]()


def test_python_test__of_every_form_of_parameter__means_the_same_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes, tuples and texts, whatever is in them, and amounts as powers of ten where they can be."""
    actions = load(f"{HERE / 'declared_vault.py'}:Declared").actions
    texts = ['say "no"', "a\\b\n", "it's", "π"]
    steps = [Step(Alphabet(actions)[each.name](**values_of(each)), 9) for each in declared_vault.EVERY]
    steps += [Step(replace(steps[-1].action, side=text), 0) for text in texts]
    source = python_test(of("declared_vault.py:Declared", tuple(steps)), tmp_path)
    assert 'vault.open("trader_1", margin=1_500_000, amount=-5 * 10**17, limit=MAX, wait=9)' in source
    calls = Calls(actions)
    monkeypatch.setattr("ringfence.assert_holds", lambda *_, **__: nullcontext(calls))
    module(source, tmp_path)["test_iso_1"]()
    assert calls.sequence == tuple(steps)


def test_calls__of_no_action__are_refused() -> None:
    with pytest.raises(AttributeError, match="the vault has no action 'steal'"):
        Calls(declared_vault.ACTIONS).steal("trader_1")


def values_of(action: Any) -> dict[str, Any]:
    """Return an action's values by name."""
    return {name: getattr(action, name) for name in action.__slots__} | {"account": action.account}


def test_finding__in_a_file__names_its_vault_from_there(tmp_path: Path) -> None:
    """By its class and a path relative to the file; its declarations say what actions hold."""
    write(finding(), tmp_path / "finding.json")
    data = json.loads((tmp_path / "finding.json").read_text())
    assert data["vault"] == {
        "id": "Overwriting",
        "file": Path(os.path.relpath(HERE / "paper_vault.py", tmp_path)).as_posix(),
        "code": "",
    }
    assert data["market"].keys() == {"name", "collateral_decimals", "feed_decimals", "answer", "amounts"}
    assert read(tmp_path / "finding.json") == finding()


def test_target__without_a_name__has_a_stable_one() -> None:
    """The id of a known vault, or the file and the class, whatever module has imported it."""
    assert Target(IsolatedMargin).name == "isolated-margin"
    assert Target(Overwriting).name == f"{HERE / 'paper_vault.py'}:Overwriting"
    assert load(Target(Overwriting).name) is Overwriting


def test_foundry_test__of_a_vault_on_no_chain__is_refused() -> None:
    with pytest.raises(NotExportable, match="for vaults that use the workspace, not for Overwriting"):
        foundry_test(finding())

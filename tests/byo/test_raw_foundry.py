"""A finding of a vault that isn't ours, as a Foundry test: forge fails on the bug, and passes without it."""

from functools import cache
from pathlib import Path

import pytest
from ringfence.engine.loading import load
from ringfence.evm.projects.sources import edited, sources_of
from ringfence.report.foundry.raw import raw_test

from tests.byo.searches import found_in
from tests.forge import failure, forge

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "notional-vault"
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:MissingOwnerCheck").bugs


@cache
def exported(bug: str) -> str:
    """Return the test of what a search finds in the vault with a bug."""
    return raw_test(found_in(f"{EXAMPLE / 'seeded_bugs.py'}:{bug}"))


def contracts(folder: Path, bug: str | None) -> Path:
    """Write the vault's sources to a folder, with a bug or without."""
    sources = sources_of(EXAMPLE / "contracts", "*.sol")
    for path, text in edited(sources, BUGS[bug].edits if bug else ()).items():
        (folder / "contracts" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "contracts" / path).write_text(text)
    return folder


def test_raw_test__of_a_finding__names_contracts_and_accounts() -> None:
    """A contract's address is where the test has put it; a view says where those are that others made."""
    source = exported("MissingOwnerCheck")
    assert 'router_ = deploy(2000000003, OWNER, "Router", ' in source
    assert "custody_ = addressOf(2000000003, OWNER, router_, " in source
    assert 'revert("ACC-1: At step 2 of 2' in source


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_raw_test__on_the_bug__fails_with_the_finding(bug: str, tmp_path: Path) -> None:
    failed = failure(forge(contracts(tmp_path, bug), {"Finding": exported(bug)}))
    assert failed.startswith(f"[FAIL: {BUGS[bug].property_id}: ")


@pytest.mark.slow
def test_raw_tests__without_the_bugs__pass(tmp_path: Path) -> None:
    code, output = forge(contracts(tmp_path, None), {bug: exported(bug) for bug in BUGS})
    assert code == 0, output
    assert f"{len(BUGS)} tests passed, 0 failed" in output

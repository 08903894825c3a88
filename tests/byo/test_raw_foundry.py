"""A finding of a vault that isn't ours, as a Foundry test: forge fails on the bug, and passes without it."""

import subprocess
from functools import cache
from pathlib import Path

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.loading import load
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.evm.projects.sources import edited, sources_of
from ringfence.report.foundry.raw import raw_test

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "notional-vault"
CONFIG = f"""[profile.default]
src = "contracts"
solc = "{ROOT / ".tools/solc/solc-v0.8.30"}"
offline = true
optimizer = false
evm_version = "cancun"
"""
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:MissingOwnerCheck").bugs


@cache
def exported(bug: str) -> str:
    """Return the test of what a search finds in the vault with a bug."""
    target = Target.named(f"{EXAMPLE / 'seeded_bugs.py'}:{bug}")
    found = Search(target, seed=1).run(Budget(None, 30)).finding
    assert found is not None
    return raw_test(found)


def forge(folder: Path, bug: str | None, tests: dict[str, str]) -> tuple[int, str]:
    """Run tests on the vault, with a bug or without, by forge itself; return its exit code."""
    sources = sources_of(EXAMPLE / "contracts", "*.sol")
    for path, text in edited(sources, BUGS[bug].edits if bug else ()).items():
        (folder / "contracts" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "contracts" / path).write_text(text)
    (folder / "foundry.toml").write_text(CONFIG)
    (folder / "test").mkdir()
    for name, source in tests.items():
        (folder / "test" / f"{name}.t.sol").write_text(source)
    command = [ROOT / ".tools/bin/forge", "test", "--root", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_raw_test__of_a_finding__names_contracts_and_accounts() -> None:
    """A contract's address is where the test has put it; a view says where those are that others made."""
    source = exported("MissingOwnerCheck")
    assert 'router_ = deploy(2000000003, OWNER, "Router", ' in source
    assert "custody_ = addressOf(2000000003, OWNER, router_, " in source
    assert 'revert("ACC-1: At step 2 of 2' in source


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_raw_test__on_the_bug__fails_with_the_finding(bug: str, tmp_path: Path) -> None:
    code, output = forge(tmp_path, bug, {"Finding": exported(bug)})
    assert code == 1, output
    failure = next(line for line in output.splitlines() if "[FAIL" in line)
    assert failure.startswith(f"[FAIL: {BUGS[bug].property_id}: ")


@pytest.mark.slow
def test_raw_tests__without_the_bugs__pass(tmp_path: Path) -> None:
    code, output = forge(tmp_path, None, {bug: exported(bug) for bug in BUGS})
    assert code == 0, output
    assert f"{len(BUGS)} tests passed, 0 failed" in output

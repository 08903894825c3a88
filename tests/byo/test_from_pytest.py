"""The way in from another project's tests: the fixture ``check_vault``."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE = """
from tests.byo.paper_vault import Overwriting, PaperVault

class Small(PaperVault):
    add_margin = liquidate = None

def test_whole(check_vault):
    assert check_vault(Small, runs=60).steps > 100

def test_broken(check_vault):
    check_vault(Overwriting, seconds=20)
"""


def test_check_vault__in_another_project__passes_or_fails(tmp_path: Path) -> None:
    (tmp_path / "test_vault.py").write_text(MODULE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:ape_test"]
    options = ["--override-ini", f"pythonpath={ROOT}", "--ringfence-seed", "2", "test_vault.py"]
    done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True)
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "ISO-1: A transaction changes no field of any position but the one it names." in done.stdout
    assert "execute position 2" in done.stdout
    assert "ringfence/testing.py" not in done.stdout

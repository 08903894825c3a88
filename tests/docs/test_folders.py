"""What tests/README.md says: each folder's claim, and that the model's tests need no harness."""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
WITHOUT_HARNESS = "import sys; sys.modules['ringfence'] = None; import pytest; sys.exit(pytest.main())"


def test_folders__with_tests_in_them__are_those_in_the_table_with_their_claims() -> None:
    rows = re.findall(r"^\| (`.*?) \| (.*) \| .*\|$", (TESTS / "README.md").read_text(), re.MULTILINE)
    claims = {name: claim for names, claim in rows for name in re.findall(r"`(\w+)`", names)}
    folders = {path.parent.name for path in TESTS.glob("*/test_*.py")}
    documented = {name: import_module(f"tests.{name}").__doc__ or "" for name in folders}
    assert documented == {name: f"{claim[0].upper()}{claim[1:]}." for name, claim in claims.items()}


def test_model_tests__without_harness_and_plugins__are_collected() -> None:
    command = [sys.executable, "-c", WITHOUT_HARNESS, "--collect-only", "-q", "tests/model"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=TESTS.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

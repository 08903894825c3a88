"""docs/errors.md is what the compiled contracts say."""

import os
import subprocess
import sys
from pathlib import Path

from isolated_margin import errors
from ringfence.evm.artifacts import load

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = ("IsolatedMarginVault", "LiquidityPool", "VaultLens", "VaultFactory")


def test_error_table__is_what_the_contracts_say() -> None:
    """The committed table is the one that is generated from the compiled contracts."""
    script = [sys.executable, str(ROOT / "tools/error_table.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, env=os.environ)
    assert checked.returncode == 0, checked.stderr


def test_error_table__has_a_row_for_every_error() -> None:
    """No error of a deployed contract is missing."""
    table = (ROOT / "docs/errors.md").read_text()
    for name in DEPLOYED:
        for entry in load(name).abi:
            assert entry["type"] != "error" or f"| `{entry['name']}` |" in table, entry["name"]


def test_refusals__model_and_contract__have_the_same_names() -> None:
    """Every refusal of the model is an error of the contracts, or of the token."""
    known = {
        entry["name"]
        for name in (*DEPLOYED, "MockToken")
        for entry in load(name).abi
        if entry["type"] == "error"
    }
    refusals = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.Refusal) and kind is not errors.Refusal
    }
    assert refusals <= known, refusals - known

"""docs/properties.md is what the registry and the seeded bugs say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_property_table__is_what_registry_and_seeded_bugs_say() -> None:
    script = [sys.executable, str(ROOT / "tools/property_table.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr

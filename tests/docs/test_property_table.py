"""docs/properties.md is what the registry and the seeded bugs say."""

import subprocess
import sys
from pathlib import Path

from ringfence.properties import BY_ID
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bugs

ROOT = Path(__file__).resolve().parents[2]


def test_property_table__is_what_registry_and_seeded_bugs_say() -> None:
    script = [sys.executable, str(ROOT / "tools/property_table.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_property_table__of_every_property__names_a_bug_that_it_catches() -> None:
    assert {seeded.property_id for seeded in seeded_bugs()} == {*BY_ID, "MODEL"}

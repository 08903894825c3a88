"""docs/properties.md is what the registry and the specimens say."""

import subprocess
import sys
from pathlib import Path

from ringfence.properties import BY_ID
from ringfence.vaults.isolated_margin.seeded_bugs import specimens

ROOT = Path(__file__).resolve().parents[2]


def test_property_table__is_what_registry_and_specimens_say() -> None:
    """The committed table is the one that is generated."""
    script = [sys.executable, str(ROOT / "tools/property_table.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_property_table__of_every_law__names_a_bug_that_it_catches() -> None:
    """No law without proof: every one has a specimen. The others show that vault and model differ."""
    assert {specimen.law for specimen in specimens()} == {*BY_ID, "MODEL"}

"""tests/README.md says of every folder what it proves."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_folders__with_tests_in_them__are_those_in_the_table() -> None:
    """None is left out, and none is named that is gone."""
    rows = re.findall(r"^\| (`.*?) \|", (TESTS / "README.md").read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {path.parent.name for path in TESTS.glob("*/test_*.py")}

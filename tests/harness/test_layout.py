"""The harness' root: the folders of README's map, and nothing that stands alone but ``testing.py``."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HARNESS = ROOT / "harness" / "ringfence"
MOST_FOLDERS = 8


def test_root__folders__are_those_of_the_map_and_at_most_eight() -> None:
    """Nothing with Python in it is missing in the README, and no folder is there that is gone."""
    line = re.search(r"^harness/ringfence/ .*: ([a-z, ]+);", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert line is not None
    folders = {path.name for path in HARNESS.iterdir() if any(path.rglob("*.py"))} - {"__pycache__"}
    assert folders == set(line[1].split(", "))
    assert len(folders) <= MOST_FOLDERS


def test_root__modules__are_the_public_names_and_testing() -> None:
    assert {path.name for path in HARNESS.glob("*.py")} == {"__init__.py", "testing.py"}

"""The harness' root: the folders of README's map and ``testing.py``; no class name stands for two."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HARNESS = ROOT / "harness" / "ringfence"
MOST_FOLDERS = 8


def test_root__folders__are_those_of_the_map_and_at_most_eight() -> None:
    line = re.search(r"^harness/ringfence/ .*: ([a-z, ]+);", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert line is not None
    folders = {path.name for path in HARNESS.iterdir() if any(path.rglob("*.py"))} - {"__pycache__"}
    assert folders == set(line[1].split(", "))
    assert len(folders) <= MOST_FOLDERS


def test_root__modules__are_the_public_names_and_testing() -> None:
    assert {path.name for path in HARNESS.glob("*.py")} == {"__init__.py", "testing.py"}


def test_class_names__in_harness_and_model__are_defined_once() -> None:
    paths = [path for folder in ("harness", "model") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text()) for path in paths]
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []

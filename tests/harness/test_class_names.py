"""A class name says which class is meant: none is defined twice in harness and model."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def defined() -> list[str]:
    """Return the names of all classes, as often as they are defined."""
    paths = [path for folder in ("harness", "model") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text()) for path in paths]
    return [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def test_class_names__in_harness_and_model__are_defined_once() -> None:
    assert [name for name, count in Counter(defined()).items() if count > 1] == []

"""``import ringfence`` loads nothing: each public name brings what it needs, when it is asked for."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
import ringfence
from ringfence.types.kinds import Kind

LOADED = (
    "import sys, json; print(json.dumps([name for name in sys.modules if name.startswith('ringfence.')]))"
)


def loaded_by(statement: str) -> list[str]:
    """Return the modules of the harness that a statement loads in a fresh interpreter."""
    command = [sys.executable, "-c", f"{statement}; {LOADED}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout)
    return modules


def test_import__of_the_package__loads_no_other_module() -> None:
    """pytest imports the package in every run, in projects that have nothing to do with it, too."""
    assert loaded_by("import ringfence") == []


def test_import__of_a_declaration_s_names__loads_types_alone() -> None:
    folders = {name.split(".")[1] for name in loaded_by("from ringfence import OPENS, Adapter, Size, action")}
    assert folders == {"types"}


def test_names__all__are_had_and_listed() -> None:
    assert {ringfence.__name__, *ringfence.__all__} <= {"ringfence", *dir(ringfence)}
    for name in ringfence.__all__:
        found = getattr(ringfence, name)
        assert getattr(found, "__name__", name) in (name, "Annotated", "Union", "tuple"), found


def test_names__kinds__are_all_there() -> None:
    assert {kind.name for kind in Kind} - {"OTHER"} <= set(ringfence.__all__)
    assert ringfence.OPENS is Kind.OPENS


@pytest.mark.parametrize("name", ["Opens", "OTHER", "types_"])
def test_names__unknown__are_refused(name: str) -> None:
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
        getattr(ringfence, name)


@pytest.mark.parametrize("module", ["adapter", "vault"])
def test_our_adapter__is_written_with_public_names(module: str) -> None:
    """Like an adapter of anybody else's: beside the vault's own modules it imports the package alone."""
    tree = ast.parse((Path(ringfence.__file__).parent / f"vaults/isolated_margin/{module}.py").read_text())
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = "ringfence.vaults.isolated_margin"
    assert [name for name in imported if name.startswith("ringfence") and not name.startswith(ours)] == []

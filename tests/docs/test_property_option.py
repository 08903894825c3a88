"""``pytest --property ID`` runs the tests of one property."""

import subprocess
import sys
from pathlib import Path

import pytest
from ringfence.properties import BY_ID
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bugs

ROOT = Path(__file__).resolve().parents[2]


def collected(id_: str) -> subprocess.CompletedProcess[str]:
    """Collect the tests on seeded bugs for a property."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--property", id_, "tests/seeded_bugs"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("id_", ["ISO-2", "MODEL"])
def test_property__known__chooses_its_tests_alone(id_: str) -> None:
    """Of the tests parametrised by seeded bug, those of the property's bugs; no test without a mark."""
    done = collected(id_)
    assert done.returncode == 0, done.stdout + done.stderr
    bugs = [bug.name for bug in seeded_bugs() if bug.property_id == id_]
    edits = {
        f"tests/seeded_bugs/test_edits.py::test_edits__of_every_seeded_bug__match_once[{bug}]" for bug in bugs
    }
    tests = {line for line in done.stdout.splitlines() if "::" in line}
    assert edits < tests
    assert all(
        "::test_seeded_bug__" in test and test.endswith(tuple(f"[{bug}]" for bug in bugs))
        for test in tests - edits
    )


def test_property__unknown__is_one_sentence_with_the_ids() -> None:
    done = collected("ISO-99")
    ids = ", ".join([*sorted(BY_ID), "MODEL"])
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.strip() == f"ERROR: There is no property 'ISO-99'; the ids are {ids}."

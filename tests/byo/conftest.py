"""Where solc is, for the examples that are compiled here."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="session")
def compiler() -> None:
    """Let the project's own compiler be found."""
    os.environ.setdefault("SOLCX_BINARY_PATH", str(ROOT / ".tools" / "solc"))
    os.environ["PATH"] = f"{ROOT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"

"""The sample finding on disk."""

from pathlib import Path

import pytest
from ringfence.report.files import write

from tests.report.samples import finding


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file with the sample finding."""
    path = tmp_path / "finding.json"
    write(finding(), path)
    return path

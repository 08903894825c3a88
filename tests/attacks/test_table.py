"""The page's table of attacks: a test runs every row, and is marked with the property that guards it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.page import Row, rows


def claims(row: Row) -> Iterator[str]:
    """Yield the source of every file of tests that asks for this row by its beginning."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        source = path.read_text()
        _, *calls = source.split('is_tabled("')
        if any(row.tried.startswith(call.partition('"')[0]) for call in calls):
            yield source


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.tried)
def test_row__of_an_attack__is_read_by_one_file_that_marks_its_property(row: Row) -> None:
    (source,) = claims(row)
    assert f'@pytest.mark.property("{row.guarded_by}")' in source


def test_table__of_attacks__has_rows() -> None:
    assert len(rows()) == len({row.tried for row in rows()}) > 1

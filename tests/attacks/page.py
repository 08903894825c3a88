"""Figures of attacks in docs/security.md: the test that asserts one reads it there too."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "security.md"
FIGURE: Final = re.compile(r"(?<![\d,.])\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """An attack of the audit: what was tried, what it brought and brings, and the property that guards it."""

    tried: str
    first_edition: str
    now: str
    guarded_by: str


def rows() -> tuple[Row, ...]:
    """Return the rows of the table of attacks."""
    _, _, rest = PAGE.read_text().partition("\n## Attacks of the audit\n")
    section, _, _ = rest.partition("\n## ")
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return tuple(Row(*cells) for cells in lines[1:])


def is_tabled(tried: str, *figures: int) -> bool:
    """Return whether the table's one row that begins so says of now these figures and no other."""
    (row,) = (row for row in rows() if row.tried.startswith(tried))
    return set(FIGURE.findall(row.now)) == {f"{figure:,}" for figure in figures}


def is_reported(beginning: str, *figures: int) -> bool:
    """Return whether the item of the page that begins so has every figure."""
    _, _, rest = PAGE.read_text().partition(f"- {beginning}")
    item, _, _ = rest.partition("\n- ")
    return {f"{figure:,}" for figure in figures} <= set(FIGURE.findall(item))

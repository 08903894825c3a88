"""Figures of attacks in docs/security.md: the test that asserts one reads it there too."""

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "security.md"


def is_reported(title: str, *figures: int) -> bool:
    """Return whether the item of the page that begins with this title has every figure."""
    _, _, rest = PAGE.read_text().partition(f"- **{title}.**")
    item, _, _ = rest.partition("\n- **")
    return all(f"{figure:,}" in item for figure in figures)

"""Figures of attacks in docs/security.md: the test that asserts one reads it there too."""

import re
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "security.md"


def is_reported(beginning: str, *figures: int) -> bool:
    """Return whether the item of the page that begins so has every figure."""
    _, _, rest = PAGE.read_text().partition(f"- {beginning}")
    item, _, _ = rest.partition("\n- ")
    return all(re.search(rf"(?<![\d,.]){figure:,}(?![,.]?\d)", item) for figure in figures)

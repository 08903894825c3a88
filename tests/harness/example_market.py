"""The example's market file, and copies of it with one change."""

from pathlib import Path
from typing import Final

EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/market.yaml"


def written(folder: Path, old: str, new: str) -> Path:
    """Return a copy of the example with one change."""
    text = EXAMPLE.read_text()
    assert old in text, old
    path = folder / "market.yaml"
    path.write_text(text.replace(old, new, 1))
    return path

"""What a search came to, kept between runs of the command."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

FOLDER: Final = ROOT / ".build" / "side_by_side"
KEPT: Final = FOLDER / "searches.json"


@dataclass(frozen=True, slots=True)
class Search:
    """One search. ``seconds`` of one core and ``steps`` until it was found; None when it was not.

    ``told`` is what the tool said was broken.
    """

    tool: str
    seeded: str
    seed: int
    seconds: float | None
    steps: int | None
    told: str


def load(path: Path = KEPT) -> list[Search]:
    """Return the searches that were done before."""
    return [Search(**each) for each in json.loads(path.read_text())] if path.exists() else []


def keep(searches: list[Search], path: Path = KEPT) -> None:
    """Write all searches whole, so that an interrupted command goes on where it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps([asdict(search) for search in searches], indent=1) + "\n")
    beside.replace(path)

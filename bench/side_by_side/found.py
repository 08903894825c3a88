"""What a search came to, kept between runs of the command."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side.subject import Case

FOLDER: Final = ROOT / ".build" / "side_by_side"
KEPT: Final = FOLDER / "searches.json"


@dataclass(frozen=True, slots=True)
class Search:
    """One search of at most ``limit`` seconds of one core.

    ``seconds`` and ``steps`` are those until something was found, None when nothing was. ``told`` is
    what the tool said was broken.
    """

    subject: str
    tool: str
    seeded: str
    seed: int
    limit: float
    seconds: float | None
    steps: int | None
    told: str

    @staticmethod
    def without_finding(case: Case, tool: str, seed: int, limit: float) -> "Search":
        """Return a search that found nothing."""
        return Search(case.subject, tool, case.name, seed, limit, None, None, "")

    def answers(self, case: Case, tool: str, seed: int, limit: float) -> bool:
        """Return whether this is that search: it found something within the limit, or nothing for so long."""
        if (self.subject, self.tool, self.seeded, self.seed) != (case.subject, tool, case.name, seed):
            return False
        return self.limit >= limit if self.seconds is None else self.seconds <= limit


def load(path: Path = KEPT) -> list[Search]:
    """Return the searches that were done before."""
    return [Search(**each) for each in json.loads(path.read_text())] if path.exists() else []


def keep(searches: list[Search], path: Path = KEPT) -> None:
    """Write all searches whole, so that an interrupted command goes on where it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps([asdict(search) for search in searches], indent=1) + "\n")
    beside.replace(path)

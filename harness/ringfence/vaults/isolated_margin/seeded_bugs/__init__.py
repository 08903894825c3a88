"""Broken vaults: one bug each, as replacements in our own sources, with the property that must show it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ringfence.evm.projects.sources import Edit, edited
from ringfence.types.errors import AdapterFault
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import Sources, real_sources

FOLDER: Final = Path(__file__).parent
USUAL_MARKETS: Final = ("standard", "plain", "tight", "coarse")


@dataclass(frozen=True, slots=True)
class SeededBug:
    """A bug. ``steps`` is the most that the shortest call sequence to ``property_id`` has."""

    name: str
    property_id: str
    bug: str
    steps: int
    markets: tuple[str, ...]
    edits: tuple[Edit, ...]

    def sources(self) -> Sources:
        """Return our sources with the bug in them; raises ProjectError unless every edit matches once."""
        return edited(real_sources(), self.edits)


@cache
def seeded_bugs() -> tuple[SeededBug, ...]:
    """Return all seeded bugs, in the order of their files."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(_seeded(entry) for file in files for entry in yaml.safe_load(file.read_text()))


def seeded_bug(name: str) -> SeededBug:
    """Return the bug of a name; raises AdapterFault."""
    known = {bug.name: bug for bug in seeded_bugs()}
    if name not in known:
        raise AdapterFault(f"There is no seeded bug {name!r}: choose one of {', '.join(known)}.")
    return known[name]


def _seeded(entry: dict[str, Any]) -> SeededBug:
    markets = tuple(entry.get("markets", USUAL_MARKETS))
    edits = tuple(Edit(**edit) for edit in entry["edits"])
    return SeededBug(entry["name"], entry["property"], entry["bug"], entry["steps"], markets, edits)

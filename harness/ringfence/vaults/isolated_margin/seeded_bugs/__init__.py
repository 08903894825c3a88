"""Broken vaults: one bug each, as replacements in our own sources, with the law that must show it."""

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
class Specimen:
    """A bug. ``steps`` is how long the shortest program that breaks ``law`` may be, after an opening."""

    name: str
    law: str
    bug: str
    steps: int
    markets: tuple[str, ...]
    edits: tuple[Edit, ...]

    def sources(self) -> Sources:
        """Return our sources with the bug in them; raises ProjectError unless every edit matches once."""
        return edited(real_sources(), self.edits)


@cache
def specimens() -> tuple[Specimen, ...]:
    """Return all specimens, in the order of their files."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(_specimen(entry) for file in files for entry in yaml.safe_load(file.read_text()))


def seeded_bug(name: str) -> Specimen:
    """Return the bug of a name; raises AdapterFault."""
    known = {bug.name: bug for bug in specimens()}
    if name not in known:
        raise AdapterFault(f"There is no seeded bug {name!r}: choose one of {', '.join(known)}.")
    return known[name]


def _specimen(entry: dict[str, Any]) -> Specimen:
    markets = tuple(entry.get("markets", USUAL_MARKETS))
    edits = tuple(Edit(**edit) for edit in entry["edits"])
    return Specimen(entry["name"], entry["law"], entry["bug"], entry["steps"], markets, edits)

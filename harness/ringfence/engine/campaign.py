"""What a search of our vault has done, and what it depends on."""

from dataclasses import dataclass
from importlib.metadata import version
from platform import python_version
from typing import Final

from ringfence.engine.disagreement import Disagreement
from ringfence.engine.tally import Tally

PACKAGES: Final = ("ringfence", "pyrevm")


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a search has done; ``seed`` and the tally's number of runs repeat it.

    ``entries``: programs in the corpus; ``complaint``: a sentence about a corpus that couldn't be written.
    """

    seed: int
    seconds: float
    tally: Tally
    versions: dict[str, str]
    disagreement: Disagreement | None
    is_interrupted: bool
    entries: int = 0
    complaint: str = ""


def versions(*packages: str) -> dict[str, str]:
    """Return what a search depends on beside its seed: Python, our packages and these."""
    return {"python": python_version()} | {name: version(name) for name in (*PACKAGES, *packages)}

"""Programs that were worked out, since random play hardly ever comes there; tried on every mutant."""

import json
from functools import cache
from importlib.resources import files
from typing import Final

from ringfence.measure.mutation.target import Known
from ringfence.types.actions import Step
from ringfence.types.codec import decode
from ringfence.vaults.isolated_margin.actions import ALPHABET

FILE: Final = "edges.json"


@cache
def edges() -> tuple[Known, ...]:
    """Return the programs, each in its market; the file says what each one is there for."""
    entries = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return tuple(_known(entry) for entry in entries)


def _known(entry: dict[str, object]) -> Known:
    sequence = entry["sequence"]
    assert isinstance(sequence, list)
    return Known("", 0, str(entry["market"]), tuple(decode(step, Step, ALPHABET) for step in sequence))

"""What became of a mutant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ringfence.types.actions import CallSequence, Step
from ringfence.types.codec import decode, encode
from ringfence.vaults.isolated_margin.actions import ALPHABET

DEPLOYMENT: Final = "DEPLOYMENT"  # the market could not be made, or was not as its model from the start
VIEWS: Final = "VIEWS"  # a view answered something else than the model's
FACTORY: Final = "FACTORY"  # another market was made than the model would make, or none
READING: Final = "READING"  # what the vault answered could not be read


class Fate(StrEnum):
    """How a mutant ended."""

    KILLED = "killed"
    KILLED_BY_TEST = "killed by test"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    EQUIVALENT = "equal bytecode"
    STILLBORN = "does not compile"


DEAD: Final = (Fate.KILLED, Fate.KILLED_BY_TEST)
ALIVE: Final = (Fate.SURVIVED, Fate.TIMED_OUT)


@dataclass(frozen=True, slots=True)
class Detection:
    """What told a mutant from the vault: a property, ``MODEL``, a comparison above, or a test's name.

    ``broken`` are all the properties that the program breaks. ``stage`` is where it was found.
    """

    by: str
    message: str
    stage: str
    market: str = ""
    sequence: CallSequence = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mutant's end. ``seconds`` are this process's, from the compiled code on; ``code`` is its hash."""

    mutant: str
    fate: Fate
    code: str
    seconds: float
    found: Detection | None = None


def to_plain(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON takes it."""
    found = verdict.found
    return {
        "mutant": verdict.mutant,
        "fate": str(verdict.fate),
        "code": verdict.code,
        "seconds": round(verdict.seconds, 3),
        "found": found
        and {
            "by": found.by,
            "complaint": found.message,
            "stage": found.stage,
            "market": found.market,
            "sequence": [encode(step) for step in found.sequence],
            "broken": list(found.broken),
        },
    }


def from_plain(data: dict[str, Any]) -> Verdict:
    """Return what ``to_plain`` was given."""
    found = data["found"]
    return Verdict(
        data["mutant"],
        Fate(data["fate"]),
        data["code"],
        data["seconds"],
        found
        and Detection(
            found["by"],
            found["complaint"],
            found["stage"],
            found["market"],
            tuple(decode(step, Step, ALPHABET) for step in found["sequence"]),
            tuple(found["broken"]),
        ),
    )

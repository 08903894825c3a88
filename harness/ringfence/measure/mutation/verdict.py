"""What became of a mutant."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

DEPLOYMENT: Final = "DEPLOYMENT"  # the vault could not be started, or was not as its model from the start
VIEWS: Final = "VIEWS"  # a view answered something else than the model's
FACTORY: Final = "FACTORY"  # another vault was deployed than the model would deploy, or none
READING: Final = "READING"  # what the vault answered could not be read
STORAGE: Final = "STORAGE"  # a step changed storage that the adapter does not show

KNOWN: Final = "known sequence"  # phases, as verdicts name them
SEARCH: Final = "search"
DEPLOYMENTS: Final = "deployments"
TEST: Final = "test"


LONGEST: Final = 300  # characters of a message


class Fate(StrEnum):
    """How a mutant ended."""

    KILLED = "killed"
    KILLED_BY_TEST = "killed by test"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    SAME_CODE = "equal bytecode"
    INVALID = "does not compile"


DEAD: Final = (Fate.KILLED, Fate.KILLED_BY_TEST)
ALIVE: Final = (Fate.SURVIVED, Fate.TIMED_OUT)


class KnownSequence(NamedTuple):
    """A call sequence that killed a mutant; ``sequence`` is JSON, which only its vault can read."""

    market: str
    sequence: str


@dataclass(frozen=True, slots=True)
class Detection:
    """What noticed a mutant: a property, ``MODEL``, a comparison above, or a test's name.

    ``broken`` are all the properties that the sequence violates. ``phase`` is where it was found.
    """

    by: str
    message: str
    phase: str
    market: str = ""
    sequence: str = "[]"
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mutant's end. ``seconds`` are its process's, from the compiled code on; ``code`` is its hash."""

    mutant: str
    fate: Fate
    code: str
    seconds: float
    found: Detection | None = None


def to_plain(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON takes it."""
    plain, found = asdict(verdict), verdict.found
    if found:
        plain["found"] |= {"message": found.message[:LONGEST], "sequence": json.loads(found.sequence)}
    return plain


def from_plain(data: dict[str, Any]) -> Verdict:
    """Return what ``to_plain`` was given."""
    found = data["found"]
    if found:
        sequence, broken = json.dumps(found["sequence"]), tuple(found["broken"])
        found = Detection(**found | {"sequence": sequence, "broken": broken})
    return Verdict(**data | {"fate": Fate(data["fate"]), "found": found})

"""Which branches of our contracts no campaign reaches, and why: a list that is checked both ways."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import yaml

from ringfence.measure.coverage.points import Way
from ringfence.measure.coverage.reached import Reached

FILE: Final = "unreached.yaml"


@dataclass(frozen=True, slots=True)
class UnreachedWay:
    """A way out of a condition, named by its text so that other lines may move."""

    file: str
    condition: str
    way: str
    reason: str

    def names(self, way: Way) -> bool:
        """Return whether this is about that way."""
        return (self.file, self.condition, self.way) == (way.file, way.text, way.way)


def entries() -> tuple[UnreachedWay, ...]:
    """Return the committed list."""
    text = (files(__package__) / FILE).read_text(encoding="utf-8")
    return tuple(UnreachedWay(**entry) for entry in yaml.safe_load(text) or ())


def reasons(missed: Iterable[Way], known: Iterable[UnreachedWay]) -> dict[Way, str]:
    """Return why ways were not gone, those without a reason left out."""
    found = {}
    for way in missed:
        for entry in known:
            if entry.names(way):
                found[way] = entry.reason
    return found


def mistakes(reached: Reached, known: Iterable[UnreachedWay]) -> Iterator[str]:
    """Say which entries name a way that was gone after all, or that is in no source, a sentence each."""
    missed = reached.missed()
    every = [*reached.ways(), *missed]
    for entry in known:
        told = f"{entry.file}: {entry.condition} is {entry.way}: listed as out of reach"
        if not any(entry.names(way) for way in every):
            yield f"{told}, and there is no such condition: take it off {FILE}."
        elif not any(entry.names(way) for way in missed):
            yield f"{told}, and was reached: take it off {FILE}."

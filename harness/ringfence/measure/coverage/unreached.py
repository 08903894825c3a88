"""Which branches of a vault no search reaches, and why: a list of its own that is checked both ways."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ringfence.measure.coverage.reached import Reached, Way


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


def reasons(missed: Iterable[Way], known: Iterable[UnreachedWay]) -> dict[Way, str]:
    """Return why ways were not gone, those without a reason left out."""
    listed = list(known)
    return {way: entry.reason for way in missed for entry in listed if entry.names(way)}


def mistakes(reached: Reached, known: Iterable[UnreachedWay]) -> Iterator[str]:
    """Say which entries name a way that was gone after all, or that is in no source, a sentence each."""
    missed = reached.missed()
    every = [*reached.ways(), *missed]
    for entry in known:
        listed = f"{entry.file}: {entry.condition} is {entry.way}: listed as out of reach"
        if not any(entry.names(way) for way in every):
            yield f"{listed}, and there is no such condition: take it off the list."
        elif not any(entry.names(way) for way in missed):
            yield f"{listed}, and was reached: take it off the list."

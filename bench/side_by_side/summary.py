"""What the searches come to: medians, ratios, and who found what."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.side_by_side.found import Search
from bench.side_by_side.subject import FORGE, OURS, PLAIN, WAKE, Case, Subject

SLOW: Final = 2.0  # seconds: where forge's median is above, ours should be a fifth of it at most
SHARE: Final = 5.0


@dataclass(frozen=True, slots=True)
class Median:
    """The searches of one tool for one seeded bug. ``seconds`` None: not found by most seeds."""

    seeds: int
    found: int
    seconds: float | None
    steps: int | None
    least: float | None
    most: float | None

    @staticmethod
    def of(searches: Iterable[Search], limit: float) -> "Median":
        """Return the median over all seeds; one that found nothing counts as more than the limit."""
        kept = list(searches)
        times = [search.seconds for search in kept if search.seconds is not None]
        steps = [search.steps for search in kept if search.steps is not None]
        every = [2 * limit if each.seconds is None else each.seconds for each in kept]
        middle = median(every) if every else 2 * limit
        is_found = middle <= limit
        return Median(
            seeds=len(kept),
            found=len(times),
            seconds=middle if is_found else None,
            steps=int(median(steps)) if is_found else None,
            least=min(times, default=None),
            most=max(times) if len(times) == len(kept) and times else None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One seeded bug, by all tools; Wake's where it is searched by Wake."""

    seeded: str
    property_id: str
    forge: Median
    ours: Median
    limit: float
    wake: Median | None = None

    @property
    def ratio(self) -> float | None:
        """Return forge's median over ours; forge's is taken for the limit where it found nothing."""
        return self.ratio_of(self.forge)

    def ratio_of(self, other: Median) -> float | None:
        """Return another's median over ours, taken for the limit where it found nothing."""
        if self.ours.seconds is None:
            return None
        seconds = self.limit if other.seconds is None else other.seconds
        return seconds / max(self.ours.seconds, 0.001)

    @property
    def is_loss(self) -> bool:
        """Return whether ours found it in fewer runs than forge, or later."""
        if self.ours.found < self.forge.found:
            return True
        return self.ratio is not None and self.forge.seconds is not None and self.ratio < 1

    @property
    def is_short_of_promise(self) -> bool:
        """Return whether forge takes its time, and ours takes more than a fifth of it."""
        is_slow = self.forge.seconds is not None and self.forge.seconds > SLOW
        return is_slow and (self.ratio is None or self.ratio < SHARE)


def rows(searches: list[Search], subject: Subject, seeds: int, limit: float) -> list[Row]:
    """Return the seeded bugs that all tools but plain Ape have searched with all seeds, in order."""
    result = []
    for case in subject.cases:
        tools = [tool for tool in case.tools if tool != PLAIN]
        medians = {tool: _median(searches, case, tool, seeds, limit) for tool in tools}
        if all(each.seeds == seeds for each in medians.values()):
            found = (medians[FORGE], medians[OURS], limit, medians.get(WAKE))
            result.append(Row(case.name, case.property_id, *found))
    return result


def _median(searches: list[Search], case: Case, tool: str, seeds: int, limit: float) -> Median:
    """Return the median of one search for each seed."""
    by_seed = {
        seed: each
        for seed in range(1, seeds + 1)
        for each in searches
        if each.answers(case, tool, seed, limit)
    }
    return Median.of(by_seed.values(), limit)

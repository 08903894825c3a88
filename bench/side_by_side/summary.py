"""What the searches come to: medians, ratios, and who found what."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.side_by_side.forge import FORGE
from bench.side_by_side.found import Search
from bench.side_by_side.ours import OURS
from bench.side_by_side.subject import Case, Subject

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
    """One seeded bug, by both tools."""

    seeded: str
    property_id: str
    forge: Median
    ours: Median
    limit: float

    @property
    def ratio(self) -> float | None:
        """Return forge's median over ours; forge's is taken for the limit where it found nothing."""
        if self.ours.seconds is None:
            return None
        forge = self.limit if self.forge.seconds is None else self.forge.seconds
        return forge / max(self.ours.seconds, 0.001)

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
    """Return the seeded bugs that both tools have searched with all seeds, in order."""
    result = []
    for case in subject.cases:
        medians = {tool: _median(searches, case, tool, seeds, limit) for tool in (FORGE, OURS)}
        if all(each.seeds == seeds for each in medians.values()):
            result.append(Row(case.name, case.property_id, medians[FORGE], medians[OURS], limit))
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

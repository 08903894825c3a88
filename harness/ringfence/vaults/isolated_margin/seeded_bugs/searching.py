"""How a seeded bug is searched for: until its property is first violated, and then for a short sequence."""

from dataclasses import dataclass
from time import process_time
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.findings import reproduced
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.types.finding import Finding
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug

MOST_STEPS: Final = 40_000  # so that what is found depends on the seed alone, not on the machine
MORE_STEPS: Final = 8_000  # after the first finding, for a shorter sequence


@dataclass(frozen=True, slots=True)
class BugDetection:
    """A finding of the bug; ``seconds`` of processor time until it was seen, ``shrinking`` those after.

    ``steps`` are those of its sequence after which the property sees it: what it tries itself does not count.
    """

    finding: Finding
    steps: int
    seconds: float
    shrinking: float


def target_of(bug: SeededBug) -> Target:
    """Return the vault with the bug; raises DoesNotCompile."""
    return Target(IsolatedMargin.variant(bug.name), f"isolated-margin({bug.name})")


def detections(bug: SeededBug, seed: int) -> list[BugDetection]:
    """Return what violates the bug's property: the first finding, then others until one is short enough."""
    wanted = Violations({bug.property_id})
    search = Search(target_of(bug), seed, markets=bug.markets, objective=wanted, is_compared=False)
    found: list[BugDetection] = []
    begun, done, until = process_time(), 0, MOST_STEPS
    while done < until:
        spent = process_time() - begun
        result = search.run(Budget(steps=until - done))
        done += result.steps
        search.forget_causes()
        for cause, finding in result.findings.items():
            seen = spent + result.found_at[cause][1]
            shrinking = process_time() - begun - seen
            steps = _steps_needed(search.system(finding.market.name), finding)
            found.append(BugDetection(finding, steps, seen, shrinking))
        if found and found[-1].steps <= bug.steps:
            break
        if found and until == MOST_STEPS:
            until = min(until, done + MORE_STEPS)
    return found


def _steps_needed(system: System, finding: Finding) -> int:
    """Return after how many steps of its sequence the finding can be seen."""
    property_id, steps = finding.property_id or MODEL, range(len(finding.sequence))
    needed = (each for each in steps if reproduced(system, finding.sequence[:each], property_id))
    return next(needed, len(finding.sequence))


def shortest(found: list[BugDetection]) -> BugDetection:
    """Return the one with the shortest sequence."""
    return min(found, key=lambda each: each.steps)

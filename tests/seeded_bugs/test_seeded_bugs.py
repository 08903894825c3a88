"""Every seeded bug is found, by the property that it violates, with a short call sequence."""

import re
from pathlib import Path
from statistics import median

import pytest
from ringfence.engine.system import MODEL
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug, seeded_bugs
from ringfence.vaults.isolated_margin.seeded_bugs.searching import MOST_STEPS, detections, shortest

PAGE = Path(__file__).resolve().parents[2] / "docs/seeded-bugs.md"
MOST_SECONDS = 30
ONE_OF_EACH = {seeded.property_id: seeded for seeded in reversed(seeded_bugs())}


@pytest.mark.parametrize(
    "seeded",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.property(property_id))
        for property_id, each in ONE_OF_EACH.items()
    ],
)
def test_seeded_bug__of_every_property__is_caught_by_it_with_a_short_program(seeded: SeededBug) -> None:
    """A search finds the bug by its property, in few steps; `make seeded-bugs` searches for all."""
    found = detections(seeded, seed=3)
    assert found, f"{seeded.name} was not caught in {MOST_STEPS:,} steps"
    best = shortest(found)
    assert (best.finding.property_id or MODEL) == seeded.property_id
    assert best.steps <= seeded.steps, "\n".join(map(str, best.finding.sequence))


def test_page__of_all_seeded_bugs__has_a_row_for_each_caught_in_time() -> None:
    """What was measured last is of the seeded bugs that there are, and none took longer than is promised."""
    rows = [
        line.split(" | ") for line in PAGE.read_text().splitlines() if re.match(r"\| [A-Z]+(-\d)? \| ", line)
    ]
    told = {(row[0].strip("| "), row[1]) for row in rows}
    assert told == {(seeded.property_id, " ".join(seeded.bug.split())) for seeded in seeded_bugs()}
    seconds = [float(row[2]) for row in rows]
    assert max(seconds) <= MOST_SECONDS
    assert median(seconds) < 2

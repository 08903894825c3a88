"""Every planted bug is found, by the law that it breaks, with a short program."""

import re
from pathlib import Path
from statistics import median

import pytest
from ringfence.engine.system import MODEL
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen, specimens
from ringfence.vaults.isolated_margin.seeded_bugs.searching import MOST_SECONDS, detections, shortest

PAGE = Path(__file__).resolve().parents[2] / "docs/specimens.md"
ONE_OF_EACH = {specimen.law: specimen for specimen in reversed(specimens())}


@pytest.mark.parametrize(
    "specimen",
    [pytest.param(each, id=each.name, marks=pytest.mark.property(law)) for law, each in ONE_OF_EACH.items()],
)
def test_specimen__of_every_law__is_caught_by_it_with_a_short_program(specimen: Specimen) -> None:
    """A search finds the bug, names this law, and shows it in so few steps; `make specimens` hunts all."""
    found = detections(specimen, seed=1)
    assert found, f"{specimen.name} was not caught in {MOST_SECONDS} seconds"
    best = shortest(found)
    assert (best.finding.law or MODEL) == specimen.law
    assert best.steps <= specimen.steps, "\n".join(map(str, best.finding.program))


def test_page__of_all_specimens__has_a_row_for_each_caught_in_time() -> None:
    """What was measured last is of the specimens that there are, and none took longer than is promised."""
    rows = [
        line.split(" | ") for line in PAGE.read_text().splitlines() if re.match(r"\| [A-Z]+(-\d)? \| ", line)
    ]
    told = {(row[0].strip("| "), row[1]) for row in rows}
    assert told == {(specimen.law, " ".join(specimen.bug.split())) for specimen in specimens()}
    seconds = [float(row[2]) for row in rows]
    assert max(seconds) <= MOST_SECONDS
    assert median(seconds) < 2

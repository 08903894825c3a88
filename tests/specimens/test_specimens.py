"""Every planted bug is found, by the law that it breaks, with a short program."""

import pytest
from hunting import MOST_SECONDS, catches, firsts, shortest
from ringfence.specimens import Specimen, specimens

ONE_OF_EACH = firsts(specimens())
OTHERS = [specimen for specimen in specimens() if specimen not in ONE_OF_EACH]


@pytest.mark.parametrize("specimen", ONE_OF_EACH, ids=lambda specimen: specimen.name)
def test_specimen__of_every_law__is_caught_by_it_with_a_short_program(specimen: Specimen) -> None:
    """A search finds the bug, names this law, and shows it in so few steps."""
    _is_caught(specimen)


@pytest.mark.thorough
@pytest.mark.parametrize("specimen", OTHERS, ids=lambda specimen: specimen.name)
def test_specimen__every_other__is_caught_by_its_law_with_a_short_program(specimen: Specimen) -> None:
    """A search finds the bug, names this law, and shows it in so few steps."""
    _is_caught(specimen)


def _is_caught(specimen: Specimen) -> None:
    found = catches(specimen, seed=1)
    assert found, f"{specimen.name} was not caught in {MOST_SECONDS} seconds"
    best = shortest(found)
    assert best.law == specimen.law
    assert len(best.program) <= specimen.steps, "\n".join(map(str, best.program))

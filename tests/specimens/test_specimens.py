"""Every planted bug is found, by the law that it breaks, with a short program."""

from collections.abc import Callable
from statistics import median

import pytest
from hunting import MOST_SECONDS, catches, firsts, shortest
from ringfence.specimens import Specimen, specimens

ONE_OF_EACH = firsts(specimens())
OTHERS = [specimen for specimen in specimens() if specimen not in ONE_OF_EACH]


@pytest.mark.parametrize("specimen", ONE_OF_EACH, ids=lambda specimen: specimen.name)
def test_specimen__of_every_law__is_caught_by_it_with_a_short_program(specimen: Specimen) -> None:
    """A search finds the bug, names this law, and shows it in so few steps."""
    _is_caught(specimen)


@pytest.mark.slow
@pytest.mark.parametrize("specimen", OTHERS, ids=lambda specimen: specimen.name)
def test_specimen__every_other__is_caught_by_its_law_with_a_short_program(specimen: Specimen) -> None:
    """A search finds the bug, names this law, and shows it in so few steps."""
    _is_caught(specimen)


@pytest.mark.slow
def test_specimens__with_other_seeds__are_caught_within_seconds(
    record_property: Callable[[str, object], None],
) -> None:
    """Each is caught in 30 seconds, half of them in 2."""
    found = {specimen: catches(specimen, seed=7)[:1] for specimen in specimens()}
    rows = [
        f"{len(catch.program):>3} {catch.seconds:6.2f} s  {catch.law:6} {specimen.name}"
        for specimen, caught in found.items()
        for catch in caught
    ]
    record_property("table:specimens: steps of the first program, seconds to find it, law", "\n".join(rows))
    assert [specimen.name for specimen, caught in found.items() if not caught] == []
    assert median(caught[0].seconds for caught in found.values()) < 2
    assert max(caught[0].seconds for caught in found.values()) < MOST_SECONDS


def _is_caught(specimen: Specimen) -> None:
    found = catches(specimen, seed=1)
    assert found, f"{specimen.name} was not caught in {MOST_SECONDS} seconds"
    best = shortest(found)
    assert best.law == specimen.law
    assert len(best.program) <= specimen.steps, "\n".join(map(str, best.program))

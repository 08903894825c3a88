"""The table of examples/feeds/README.md, line by line: answer, vault, and the clock of settlement."""

from typing import Final

import pytest

from tests.feeds.cases import CASES
from tests.feeds.guarded import GuardedMarket
from tests.feeds.lines import lines

LINES: Final = {line.case: line for line in lines()}
CAUSES: Final = [(case, cause) for case, causes in CASES.items() for cause in causes]


@pytest.mark.parametrize(("case", "cause"), CAUSES)
def test_guard__in_a_case_of_the_table__does_what_its_line_says(
    market: GuardedMarket, case: str, cause: str
) -> None:
    CASES[case][cause](market)
    LINES[case].check(market)


def test_table__has_the_cases_that_are_tested() -> None:
    assert list(LINES) == list(CASES)

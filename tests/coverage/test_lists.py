"""The list of what is out of reach, and the page."""

import pytest
from ringfence.measure.coverage.html import page
from ringfence.measure.coverage.reached import FunctionPoint, Reached, Statement, Way
from ringfence.measure.coverage.tables import ways_sentence, ways_table
from ringfence.measure.coverage.unreached import UnreachedWay, mistakes, reasons

TAKEN = Way("A.sol", 2, 9, "x < 1", "true")
MISSED = Way("A.sol", 2, 9, "x < 1", "false")
POINTS = (FunctionPoint("A.sol", 1, "A.f"), Statement("A.sol", 2), Statement("A.sol", 3), TAKEN, MISSED)
TEXT = "function f(uint x) {\n    if (x < 1)\n        revert();\n}\n"
REACHED = Reached(POINTS, {"A.sol": TEXT}, frozenset({0, 1, 3}))


def entry(way: Way, text: str = "x < 1") -> UnreachedWay:
    """Return an entry of the list."""
    return UnreachedWay(way.file, text, way.way, "because")


def test_entry__of_a_way_that_is_missed__is_its_reason() -> None:
    """An entry that is right explains, and is no mistake."""
    known = [entry(MISSED)]
    assert list(mistakes(REACHED, known)) == []
    assert reasons(REACHED.missed(), known) == {MISSED: "because"}


@pytest.mark.parametrize(
    ("known", "reason"),
    [(entry(TAKEN), "and was reached"), (entry(MISSED, "x > 1"), "there is no such condition")],
    ids=["reached after all", "not in the source"],
)
def test_entry__that_is_wrong__is_a_mistake(known: UnreachedWay, reason: str) -> None:
    """What is listed as out of reach and is reached, or is not there at all, is reported."""
    (mistake,) = mistakes(REACHED, [known])
    assert reason in mistake


def test_page__of_a_source__shows_what_was_missed_where() -> None:
    """Every line is there, coloured by what was reached, with the missed way and its reason in words."""
    text = page("Heading", "seed 1", REACHED.files(), {MISSED: "because <of> this"})
    assert '<li class="part"><code>    if (x &lt; 1)</code><em>never false: x &lt; 1</em></li>' in text
    assert '<li class="missed"><code>        revert();</code></li>' in text
    assert "because &lt;of&gt; this" in text
    assert "http" not in text.replace("http-equiv", "")


def test_within__part_of_a_path__has_the_points_of_those_files_alone() -> None:
    other = Way("lib/B.sol", 1, 1, "y", "true")
    both = Reached((other, *POINTS), {"A.sol": TEXT, "lib/B.sol": ""}, frozenset({1, 2, 4}))
    assert both.within("A.sol").files() == REACHED.files()
    assert both.within("lib/").missed() == [other]
    assert both.within("").files() == both.files()


def test_passed_by__of_ways_that_nothing_went__has_conditions_first_that_were_met() -> None:
    """What a refusal never let pass is before what is behind it."""
    met, behind = ([Way("A.sol", line, 1, "x > 0", way) for way in ("false", "true")] for line in (9, 2))
    reached = Reached([*behind, *met], {"A.sol": ""}, frozenset({2}))
    assert reached.passed_by() == [met[1], *behind]
    assert ways_sentence(reached).startswith("1 of 4 branches")
    assert list(ways_table(reached).columns[0].cells) == ["A.sol:9", "A.sol:2", "A.sol:2"]

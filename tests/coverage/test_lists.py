"""The list of what is out of reach, the tracefile's own rules, and the page."""

from pathlib import Path

import pytest
from ringfence.measure.coverage.html import page
from ringfence.measure.coverage.lcov import tracefile
from ringfence.measure.coverage.points import FunctionPoint, Statement, Way
from ringfence.measure.coverage.reached import Reached
from ringfence.measure.coverage.unreached import UnreachedWay, mistakes, reasons

from tests.coverage.tracefiles import faults

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


@pytest.mark.parametrize(
    ("line", "faulty", "fault"),
    [
        ("BRH:1", "BRH:2", "BRH is 2, not 1"),
        ("LF:2", "LF:3", "LF is 3, not 2"),
        ("FNDA:1,A.f", "FNDA:1,A.g", "do not name the same functions"),
        ("DA:2,1", "DA:3,1", "a line is there twice"),
        ("BRDA:2,0,1,0", "BRDA:2,0,0", "no record"),
    ],
)
def test_tracefile__with_a_fault__is_not_taken_for_a_sound_one(line: str, faulty: str, fault: str) -> None:
    """The rules that our tracefiles are held to can be broken."""
    text = tracefile(REACHED.files(), Path("/"))
    assert faults(text) == []
    assert line in text.splitlines()
    assert fault in faults(text.replace(f"{line}\n", f"{faulty}\n"))[0]


def test_page__of_a_source__shows_what_was_missed_where() -> None:
    """Every line is there, coloured by what was reached, with the missed way and its reason in words."""
    text = page("Heading", "seed 1", REACHED.files(), {MISSED: "because <of> this"})
    assert '<li class="part"><code>    if (x &lt; 1)</code><em>never false: x &lt; 1</em></li>' in text
    assert '<li class="missed"><code>        revert();</code></li>' in text
    assert "because &lt;of&gt; this" in text
    assert "http" not in text.replace("http-equiv", "")

"""The committed page of the comparison on the examples belongs to them, and says what its tables say."""

import re
from collections.abc import Iterator
from statistics import median

import pytest

from bench.side_by_side.example_text import PAGE
from bench.side_by_side.examples import ROOT, examples

SUBJECTS = {subject.name: subject for subject in examples()}
TOOLS = {"forge": 2, "Wake": 4, "ours": 6}  # columns of times
HALF_A_PLACE = 0.005


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the cells of the table below a heading."""
    section = PAGE.read_text().partition(f"{heading}")[2].partition("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def said(pattern: str) -> tuple[str, ...]:
    """Return what a sentence of the page says, by the groups of a pattern."""
    (found,) = re.findall(pattern, PAGE.read_text())
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("name", SUBJECTS)
def test_page__table_of_a_vault__has_its_seeded_bugs_and_their_properties(name: str) -> None:
    cases = [[case.name, case.property_id] for case in SUBJECTS[name].cases]
    assert [row[:2] for row in rows(f"### {name}\n")] == cases
    assert (ROOT / "bench" / "wake" / f"{SUBJECTS[name].handlers}.py").exists()


def test_page__counts__are_those_of_its_tables() -> None:
    every = [row for name in SUBJECTS for row in rows(f"### {name}\n")]
    found = {tool: sum("not found" not in row[column] for row in every) for tool, column in TOOLS.items()}
    counts = said(r"Ours finds (\d+) of (\d+) seeded bugs with every seed, forge (\d+), Wake (\d+)\.")
    assert [int(count) for count in counts] == [found["ours"], len(every), found["forge"], found["Wake"]]
    assert "in no count: none." in PAGE.read_text()


def test_page__ratios_of_speed__are_those_of_its_table_and_of_the_readme() -> None:
    table = list(rows("## Speed on the sound vaults"))
    assert [row[0] for row in table] == list(SUBJECTS)
    readme = " ".join((ROOT / "README.md").read_text().split())
    units = ((4, "call of forge's handlers", "forge's calls"), (5, "flow of Wake's", "Wake's flows"))
    for column, unit, short in units:
        middle, least = said(rf"each {unit}: ([\d.]+) in the median of the vaults, ([\d.]+) at least")
        ratios = [float(row[column]) for row in table]
        assert float(middle) == pytest.approx(median(ratios), abs=2 * HALF_A_PLACE)
        assert float(least) == min(ratios)
        assert re.search(rf"\b{re.escape(middle)} (steps )?for each of {short}", readme)
